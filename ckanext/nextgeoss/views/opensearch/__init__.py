"""OpenSearch: description documents, searches of products and collections, and their pages for people."""

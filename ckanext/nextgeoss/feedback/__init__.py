"""User feedback: the OGC Geospatial User Feedback model (15-097r1, 15-098r1) in CKAN."""

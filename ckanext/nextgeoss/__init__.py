"""NextGEOSS DataHub: CKAN as an Earth-observation data hub."""

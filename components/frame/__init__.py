"""What surrounds every page: entrance, skip link, header with project and mode, the pages at a phone's foot."""

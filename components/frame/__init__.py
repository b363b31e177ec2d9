"""What surrounds every page: the skip link, the header with project and mode, the pages at a phone's foot."""

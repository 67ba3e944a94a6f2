"""Whole journeys against the production server, beside a bare application that does only the same requests' work."""

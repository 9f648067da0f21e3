"""The application: knows no platform, no SQL and no tensor."""

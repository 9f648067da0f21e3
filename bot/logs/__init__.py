"""The log: its lines as text or JSON, without secrets, with the job they are about; and where errors go besides."""

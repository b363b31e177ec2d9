"""What goes wrong between the dashboard and Aseed: a proxy that breaks what it is told to, and tests with it."""

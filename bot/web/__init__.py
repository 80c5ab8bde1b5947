"""What comes in by HTTP: webhooks, health, figures."""

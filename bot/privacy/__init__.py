"""What strangers wrote by mistake and nobody should have to read: personal data, hidden before it is shown."""

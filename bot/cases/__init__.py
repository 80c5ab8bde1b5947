"""The verbs of the desk: one class a role, one transaction a verb."""

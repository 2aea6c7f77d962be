"""All SQL of notifications, by table: messages and their contacts, campaigns, suppressions."""

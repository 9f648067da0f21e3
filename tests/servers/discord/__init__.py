"""A Discord on the loopback interface: REST and gateway version 10, with Discord's own rules and clock."""

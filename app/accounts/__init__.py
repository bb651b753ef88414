"""Users, organizations, memberships, roles, sign-in, second factor, invitations, tokens."""

"""The commands, a module each; see ``registry``."""

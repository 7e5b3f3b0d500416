"""The main screen: the list of profiles, their details, the picker."""

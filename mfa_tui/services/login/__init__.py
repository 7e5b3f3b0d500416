"""Logging in and out: sessions that are written to the AWS files.

A login from the command to the file: 18 calls in 12 modules, in the order in which they are made.

1. ``cli.commands.login``: ``run``, ``_log_in_to_each`` (the interface: ``ui.profiles.actions``)
2. ``cli.sessions.login_prompts``: ``log_in``, ``_run_with_prompts`` (the interface: ``ui.sessions.login_flow``)
3. ``services.login.login``: ``log_in``
4. ``services.sessions.prepare``: ``prepare``, which calls ``Context.resolve``
5. ``services.sessions.obtain``: ``SessionChain.get_session``, ``_find_or_make``, ``_session_of``
6. ``services.sessions.cached_sessions``: ``CachedSessions.find_or_make``
7. ``services.sessions.obtain``: ``SessionChain._make_with_code``
8. ``services.sessions.send_code``: ``CodeSender.send``, ``_send_stored`` (or ``_send_typed``)
9. ``adapters.aws.sts``: ``Aws.get_session_token``
10. ``adapters.sessions.cache``: ``SessionCache.store``
11. ``services.login.target_writer``: ``write_sessions``
12. ``adapters.awsfiles.files``: ``AwsFiles.edit``
"""

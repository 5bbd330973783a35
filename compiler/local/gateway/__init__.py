"""API Gateway's data plane: the deployed REST APIs, served on the loopback.

Paths are ``http://127.0.0.1:PORT/<api id>/<stage>/<path of the API>``.
"""

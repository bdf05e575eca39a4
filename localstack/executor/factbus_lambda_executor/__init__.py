"""Runs the Lambda functions of a LocalStack as Node processes, where there is no Docker to run them in."""

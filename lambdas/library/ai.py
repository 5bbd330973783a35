"""Embeddings and answers of OpenAI, by its SDK; the key comes from Secrets Manager."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import openai
from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from library.errors import BadRequest, UpstreamFailure
from library.kinds import DIMENSIONS
from library.logs import logger
from library.settings import client, setting

#: Models whose embeddings fit the table; the second can be shortened to fit.
EMBEDDING_MODELS = ("text-embedding-ada-002", "text-embedding-3-small", "text-embedding-3-large")
_SHORTENED = "text-embedding-3-large"
CHAT_MODELS = ("gpt-4o-mini", "gpt-4o", "gpt-4.1-nano", "gpt-4.1-mini", "gpt-4.1", "gpt-5-nano", "gpt-5-mini", "gpt-5")
#: Seconds; API Gateway waits for 29, which leaves no time for a repetition.
_SECONDS = 24.0
#: Seconds after which a container reads the key again, so that it can be changed.
_KEY_AGE = 900
_held: dict[str, openai.OpenAI] = {}


@lru_cache(maxsize=1)
def _secrets(secrets_manager: Any) -> SecretsProvider:
    """Return what remembers secrets; the client that Powertools would make itself waits for ten minutes."""
    return SecretsProvider(boto3_client=secrets_manager)


def _openai() -> openai.OpenAI:
    """Return the client, made once for each key."""
    name = setting("APP_CREDENTIALS_SECRET")
    try:
        secret: Any = _secrets(client("secretsmanager")).get(name, transform="json", max_age=_KEY_AGE)
    except GetParameterError as error:
        raise UpstreamFailure("Secrets Manager does not yield the key") from error
    key = secret.get("openai_api_key") if isinstance(secret, dict) else None
    if not isinstance(key, str) or not key:
        raise LookupError("The secret has no openai_api_key")
    if key not in _held:
        _held.clear()
        _held[key] = openai.OpenAI(api_key=key, timeout=_SECONDS, max_retries=0)
    return _held[key]


def embedding(text: str, model: str) -> list[float]:
    """Return the embedding of a text.

    Raises:
        BadRequest: if the model is unknown, or the text is too long for it.
        UpstreamFailure: if OpenAI does not answer.
    """
    _known(model, (*EMBEDDING_MODELS, setting("EMBEDDING_MODEL")))
    models = _openai()
    try:
        if model == _SHORTENED:
            found = models.embeddings.create(input=text, model=model, encoding_format="float", dimensions=DIMENSIONS)
        else:
            found = models.embeddings.create(input=text, model=model, encoding_format="float")
    except openai.OpenAIError as error:
        raise _failure(error) from error
    return list(found.data[0].embedding)


def ask(prompt: str, model: str) -> str:
    """Return what a model answers.

    Raises:
        BadRequest: if the model is unknown, or the text is too long for it.
        UpstreamFailure: if OpenAI does not answer.
    """
    _known(model, (*CHAT_MODELS, setting("AI_MODEL_SUMMARY")))
    models = _openai()
    try:
        found = models.chat.completions.create(model=model, messages=[{"role": "user", "content": prompt}])
    except openai.OpenAIError as error:
        raise _failure(error) from error
    answer = found.choices[0].message.content if found.choices else None
    if answer is None:
        raise UpstreamFailure("The model gave no answer")
    return answer


def _known(model: str, models: tuple[str, ...]) -> None:
    if model not in models:
        raise BadRequest(f"model must be one of {', '.join(sorted(set(models)))}")


def _failure(error: openai.OpenAIError) -> Exception:
    """Return what the caller is told; the SDK's own message may hold a part of the key."""
    if isinstance(error, openai.APIStatusError):
        logger.warning("OpenAI refused", extra={"upstream_status": error.status_code, "upstream_code": error.code})
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return RuntimeError("OpenAI does not accept the key")
        if isinstance(error, openai.NotFoundError):
            return BadRequest("OpenAI does not know the model")
        if isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError):
            return BadRequest("OpenAI refuses the request: the text may be too long for the model")
    return UpstreamFailure("OpenAI does not answer")

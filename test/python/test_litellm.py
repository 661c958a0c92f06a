"""litellm, which sorts failures by the words of their messages."""

import os
import unittest

# It would fetch a price list otherwise.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm

litellm.suppress_debug_info = True

URL = os.environ["GATEWAY_URL"]
TOKEN = os.environ["GATEWAY_TOKEN"]


class Litellm:
    def failure_of(self, question, model="gpt-5.5", key=TOKEN, **options):
        try:
            litellm.completion(
                model=f"openai/{model}",
                api_base=URL,
                api_key=key,
                messages=[{"role": "user", "content": question}],
                num_retries=0,
                max_retries=0,
                **options,
            )
        except Exception as error:
            return type(error)
        self.fail("there is no failure")

    def expect(self, kind, *given, **options):
        self.assertIs(self.failure_of(*given, **options, stream=self.stream), kind)

    def test_wrong_key(self):
        self.expect(litellm.AuthenticationError, "Say hello.", key="wrong")

    def test_refused_login(self):
        self.expect(litellm.AuthenticationError, "Fail with 401.")

    def test_unknown_model(self):
        self.expect(litellm.NotFoundError, "Say hello.", model="gpt-4o")

    def test_model_unknown_to_the_provider(self):
        self.expect(litellm.NotFoundError, "Fail with no model.")

    def test_full_context(self):
        self.expect(litellm.ContextWindowExceededError, "Fail with a full context.")

    def test_used_up_quota(self):
        self.expect(litellm.RateLimitError, "Fail with a used-up quota.")

    def test_rate_limit(self):
        self.expect(litellm.RateLimitError, "Fail with a rate limit.")

    def test_server_error(self):
        self.expect(litellm.InternalServerError, "Fail with 500.")

    def test_overload(self):
        self.expect(litellm.ServiceUnavailableError, "Fail with 503.")

    def test_policy(self):
        self.expect(litellm.ContentPolicyViolationError, "Fail by policy.")

    def test_mistake_in_the_request(self):
        self.expect(litellm.BadRequestError, "Say hello.", extra_body={"audio": {"voice": "alloy"}})


class Whole(Litellm, unittest.TestCase):
    stream = False


class Streamed(Litellm, unittest.TestCase):
    stream = True


del Litellm

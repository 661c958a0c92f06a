"""The official SDK, with no option but base URL, key and model."""

import asyncio
import json
import os
import unittest

import openai
from pydantic import BaseModel

PLACE = {"base_url": os.environ["GATEWAY_URL"], "api_key": os.environ["GATEWAY_TOKEN"]}
ANSWER = "It is 20 degrees in Berlin and 25 in Paris."
DEGREES = {"Berlin": "20 degrees", "Paris": "25 degrees"}

client = openai.OpenAI(**PLACE)


class GetWeather(BaseModel):
    """The weather in a city."""

    city: str


class Report(BaseModel):
    city: str
    degrees: int


TOOL = openai.pydantic_function_tool(GetWeather, name="get_weather")


def ask(text):
    return [{"role": "user", "content": text}]


def cities(calls):
    return [json.loads(call.function.arguments)["city"] for call in calls]


def outputs(calls):
    return [
        {"role": "tool", "tool_call_id": call.id, "content": DEGREES[city]}
        for call, city in zip(calls, cities(calls))
    ]


class OfficialSdk:
    model: str

    def test_text(self):
        answer = client.chat.completions.create(model=self.model, messages=ask("Say hello."))
        self.assertEqual(answer.choices[0].message.content, "Hello")
        self.assertEqual(answer.usage.total_tokens, 18)

    def test_stream(self):
        chunks = list(
            client.chat.completions.create(
                model=self.model,
                messages=ask("Say hello."),
                stream=True,
                stream_options={"include_usage": True},
            )
        )
        texts = [choice.delta.content or "" for chunk in chunks for choice in chunk.choices]
        self.assertEqual("".join(texts), "Hello")
        self.assertEqual(chunks[-1].usage.total_tokens, 18)

    def test_stream_helper(self):
        with client.chat.completions.stream(model=self.model, messages=ask("Say hello.")) as stream:
            self.assertEqual(stream.get_final_completion().choices[0].message.content, "Hello")

    def test_async_stream(self):
        async def read():
            async with openai.AsyncOpenAI(**PLACE) as client:
                stream = await client.chat.completions.create(
                    model=self.model, messages=ask("Say hello."), stream=True
                )
                return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

        self.assertEqual(asyncio.run(read()), "Hello")

    def test_tools_one_by_one(self):
        messages = ask("Ask one by one.")
        for city in ["Berlin", "Paris"]:
            choice = client.chat.completions.create(
                model=self.model, messages=messages, tools=[TOOL]
            ).choices[0]
            self.assertEqual(choice.finish_reason, "tool_calls")
            calls = choice.message.tool_calls
            self.assertEqual(cities(calls), [city])
            messages += [choice.message, *outputs(calls)]
        choice = client.chat.completions.create(
            model=self.model, messages=messages, tools=[TOOL]
        ).choices[0]
        self.assertEqual(choice.message.content, ANSWER)
        self.assertIsNone(choice.message.tool_calls)

    def test_tools_side_by_side_streamed(self):
        messages = ask("Ask side by side.")
        for _ in range(2):
            with client.chat.completions.stream(
                model=self.model, messages=messages, tools=[TOOL]
            ) as stream:
                message = stream.get_final_completion().choices[0].message
            calls = message.tool_calls or []
            parsed = [call.function.parsed_arguments for call in calls]
            self.assertTrue(all(isinstance(one, GetWeather) for one in parsed))
            if calls:
                self.assertEqual(cities(calls), ["Berlin", "Paris"])
                messages += [message, *outputs(calls)]
        self.assertEqual(message.content, ANSWER)

    def test_parse(self):
        answer = client.chat.completions.parse(
            model=self.model, messages=ask("Report."), response_format=Report
        )
        self.assertEqual(answer.choices[0].message.parsed, Report(city="Berlin", degrees=20))

    def test_errors(self):
        with self.assertRaises(openai.NotFoundError) as unknown:
            client.chat.completions.create(model="gpt-unknown", messages=ask("Say hello."))
        self.assertEqual(unknown.exception.code, "model_not_found")
        with self.assertRaises(openai.AuthenticationError):
            openai.OpenAI(base_url=PLACE["base_url"], api_key="wrong").models.list()

    def test_error_in_the_middle_of_a_stream(self):
        stream = client.chat.completions.create(
            model=self.model, messages=ask("Break off."), stream=True
        )
        texts = []
        with self.assertRaisesRegex(openai.APIError, "broke off"):
            for chunk in stream:
                texts.append(chunk.choices[0].delta.content or "")
        self.assertEqual("".join(texts), "partial")


class OnGpt55(OfficialSdk, unittest.TestCase):
    model = "gpt-5.5"


class OnGpt6Sol(OfficialSdk, unittest.TestCase):
    model = "gpt-6-sol"

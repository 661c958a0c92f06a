"""LangChain, with no option but base URL, key and model."""

import os
import unittest

import openai
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

PLACE = {"base_url": os.environ["GATEWAY_URL"], "api_key": os.environ["GATEWAY_TOKEN"]}
ANSWER = "It is 20 degrees in Berlin and 25 in Paris."
DEGREES = {"Berlin": "20 degrees", "Paris": "25 degrees"}


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return DEGREES[city]


class Report(BaseModel):
    """What the weather is."""

    city: str
    degrees: int


def chat(model, **options):
    return ChatOpenAI(model=model, **PLACE, **options)


def merge(chunks):
    first, *others = chunks
    for chunk in others:
        first += chunk
    return first


class LangChain:
    model: str

    def run_tools(self, question, ask):
        """Gives back the cities that each round asked for, and the last answer."""
        messages = [HumanMessage(question)]
        rounds = []
        while True:
            answer = ask(messages)
            if not answer.tool_calls:
                return rounds, answer.text
            rounds.append([call["args"]["city"] for call in answer.tool_calls])
            messages += [answer, *(get_weather.invoke(call) for call in answer.tool_calls)]

    def test_invoke(self):
        answer = chat(self.model).invoke("Say hello.")
        self.assertEqual(answer.text, "Hello")
        self.assertEqual(answer.usage_metadata["total_tokens"], 18)

    def test_stream(self):
        self.assertEqual(merge(chat(self.model).stream("Say hello.")).text, "Hello")

    def test_structured_output(self):
        report = chat(self.model).with_structured_output(Report).invoke("Report.")
        self.assertEqual(report, Report(city="Berlin", degrees=20))

    # For a gpt-6 with tools it turns to the Responses API by itself.
    def test_tools(self):
        bound = chat(self.model).bind_tools([get_weather])
        ways = {"whole": bound.invoke, "streamed": lambda messages: merge(bound.stream(messages))}
        expected = {
            "Ask one by one.": [["Berlin"], ["Paris"]],
            "Ask side by side.": [["Berlin", "Paris"]],
        }
        for way, ask in ways.items():
            for question, cities in expected.items():
                with self.subTest(way=way, question=question):
                    self.assertEqual(self.run_tools(question, ask), (cities, ANSWER))

    def test_responses_api(self):
        answer = chat(self.model, use_responses_api=True).invoke("Say hello.")
        self.assertEqual(answer.text, "Hello")
        self.assertRegex(answer.id, "^resp_")
        self.assertEqual(answer.usage_metadata["total_tokens"], 18)

    def test_previous_response_id(self):
        model = chat(self.model, use_previous_response_id=True)
        bound = model.bind_tools([get_weather])
        self.assertEqual(
            self.run_tools("Ask one by one.", bound.invoke), ([["Berlin"], ["Paris"]], ANSWER)
        )

    def test_structured_output_of_the_responses_api(self):
        model = chat(self.model, use_responses_api=True).with_structured_output(Report)
        self.assertEqual(model.invoke("Report."), Report(city="Berlin", degrees=20))

    def test_errors(self):
        with self.assertRaises(openai.NotFoundError):
            chat("gpt-unknown").invoke("Say hello.")
        with self.assertRaisesRegex(openai.APIError, "broke off"):
            list(chat(self.model).stream("Break off."))
        with self.assertRaisesRegex(openai.APIError, "broke off"):
            list(chat(self.model, use_responses_api=True).stream("Break off."))


class OnGpt55(LangChain, unittest.TestCase):
    model = "gpt-5.5"


class OnGpt6Sol(LangChain, unittest.TestCase):
    model = "gpt-6-sol"

    def test_turns_to_the_responses_api_with_tools(self):
        answer = chat(self.model).bind_tools([get_weather]).invoke("Ask one by one.")
        self.assertRegex(answer.id, "^resp_")

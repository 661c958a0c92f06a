"""The official SDK on the Responses API, with no option but base URL, key and model."""

import asyncio
import json
import os
import unittest

import openai
from pydantic import BaseModel

PLACE = {"base_url": os.environ["GATEWAY_URL"], "api_key": os.environ["GATEWAY_TOKEN"]}
ANSWER = "It is 20 degrees in Berlin and 25 in Paris."
DEGREES = {"Berlin": "20 degrees", "Paris": "25 degrees"}
ENDS = {"response.completed", "response.incomplete", "response.failed", "error"}

client = openai.OpenAI(**PLACE)


class GetWeather(BaseModel):
    """The weather in a city."""

    city: str


class Report(BaseModel):
    city: str
    degrees: int


TOOL = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}
# It goes up as it came, and the tools beside it do, too.
PATCH = {
    "type": "custom",
    "name": "patch",
    "format": {"type": "grammar", "syntax": "lark", "definition": 'start: "a"'},
}


def calls(response):
    return [item for item in response.output if item.type == "function_call"]


def cities(response):
    return [json.loads(call.arguments)["city"] for call in calls(response)]


def outputs(response):
    return [
        {"type": "function_call_output", "call_id": call.call_id, "output": DEGREES[city]}
        for call, city in zip(calls(response), cities(response))
    ]


def read(connection):
    """The events of one response over a WebSocket."""
    events = []
    for event in connection:
        events.append(event)
        if event.type in ENDS:
            return events


class Responses:
    model: str

    def ask(self, **fields):
        return client.responses.create(model=self.model, **fields)

    def test_text(self):
        response = self.ask(input="Say hello.")
        self.assertEqual(response.output_text, "Hello")
        self.assertEqual((response.status, response.usage.total_tokens), ("completed", 18))
        self.assertEqual((response.temperature, response.top_p), (1, 1))

    def test_every_object_is_what_the_sdk_declares(self):
        response = self.ask(input="Say hello.", tools=[TOOL, PATCH], metadata={"a": "b"})
        type(response).model_validate(response.to_dict(mode="json"), strict=False)
        self.assertEqual([tool.type for tool in response.tools], ["function", "custom"])

    def test_stream(self):
        events = list(self.ask(input="Say hello.", stream=True))
        self.assertEqual([event.sequence_number for event in events], list(range(len(events))))
        texts = [event.delta for event in events if event.type == "response.output_text.delta"]
        self.assertEqual("".join(texts), "Hello")
        self.assertEqual(events[-1].response.output_text, "Hello")

    def test_stream_helper(self):
        with client.responses.stream(model=self.model, input="Say hello.") as stream:
            self.assertEqual(stream.get_final_response().output_text, "Hello")

    def test_async_stream(self):
        async def read_text():
            async with openai.AsyncOpenAI(**PLACE) as client:
                async with client.responses.stream(model=self.model, input="Say hello.") as stream:
                    return (await stream.get_final_response()).output_text

        self.assertEqual(asyncio.run(read_text()), "Hello")

    def test_parse(self):
        response = client.responses.parse(model=self.model, input="Report.", text_format=Report)
        self.assertEqual(response.output_parsed, Report(city="Berlin", degrees=20))

    def test_parse_streamed(self):
        with client.responses.stream(
            model=self.model, input="Report.", text_format=Report
        ) as stream:
            parsed = stream.get_final_response().output_parsed
        self.assertEqual(parsed, Report(city="Berlin", degrees=20))

    def test_tools_with_the_whole_conversation(self):
        for tools in [[TOOL], [TOOL, PATCH]]:
            with self.subTest(tools=len(tools)):
                input = [{"role": "user", "content": "Ask side by side."}]
                first = self.ask(input=input, tools=tools)
                self.assertEqual(cities(first), ["Berlin", "Paris"])
                input += [*first.output, *outputs(first)]
                self.assertEqual(self.ask(input=input, tools=tools).output_text, ANSWER)

    def test_tools_by_previous_response_id(self):
        first = self.ask(input="Ask one by one.", tools=[TOOL])
        self.assertEqual(cities(first), ["Berlin"])
        second = self.ask(input=outputs(first), previous_response_id=first.id, tools=[TOOL])
        self.assertEqual(cities(second), ["Paris"])
        third = self.ask(input=outputs(second), previous_response_id=second.id, tools=[TOOL])
        self.assertEqual((third.output_text, calls(third)), (ANSWER, []))

    def test_streamed_tools_in_a_conversation(self):
        conversation = client.conversations.create()
        input = "Ask side by side."
        for expected in [["Berlin", "Paris"], []]:
            with client.responses.stream(
                model=self.model, input=input, conversation=conversation.id, tools=[TOOL]
            ) as stream:
                response = stream.get_final_response()
            self.assertEqual(cities(response), expected)
            input = outputs(response)
        self.assertEqual(response.output_text, ANSWER)
        kinds = [item.type for item in client.conversations.items.list(conversation.id, order="asc")]
        self.assertEqual(
            kinds,
            ["message", *["function_call"] * 2, *["function_call_output"] * 2, "message"],
        )

    def test_parsed_arguments(self):
        tool = openai.pydantic_function_tool(GetWeather, name="get_weather")
        response = client.responses.parse(model=self.model, input="Ask one by one.", tools=[tool])
        self.assertEqual(calls(response)[0].parsed_arguments, GetWeather(city="Berlin"))

    def test_what_is_kept(self):
        response = self.ask(input="Say hello.")
        self.assertEqual(client.responses.retrieve(response.id), response)
        kept = client.responses.input_items.list(response.id).data
        self.assertEqual([part.text for part in kept[0].content], ["Say hello."])
        client.responses.delete(response.id)
        with self.assertRaises(openai.NotFoundError):
            client.responses.retrieve(response.id)

    def test_what_is_not_kept(self):
        response = self.ask(input="Say hello.", store=False)
        with self.assertRaises(openai.NotFoundError):
            client.responses.retrieve(response.id)
        with self.assertRaises(openai.BadRequestError) as unknown:
            self.ask(input="Say hello.", previous_response_id=response.id)
        self.assertEqual(unknown.exception.code, "previous_response_not_found")

    def test_background(self):
        begun = self.ask(input="Say hello.", background=True)
        self.assertIn(begun.status, ["queued", "in_progress"])
        with client.responses.retrieve(begun.id, stream=True) as stream:
            events = list(stream)
        self.assertEqual(events[0].type, "response.created")
        self.assertEqual(events[-1].response.output_text, "Hello")
        ended = client.responses.retrieve(begun.id)
        self.assertEqual((ended.status, ended.output_text), ("completed", "Hello"))
        with client.responses.retrieve(begun.id, stream=True, starting_after=2) as stream:
            self.assertEqual(
                [event.sequence_number for event in stream],
                [event.sequence_number for event in events][3:],
            )

    def test_cancel(self):
        begun = self.ask(input="Never end.", background=True)
        self.assertEqual(client.responses.cancel(begun.id).status, "cancelled")
        self.assertEqual(client.responses.retrieve(begun.id).status, "cancelled")

    def test_compact(self):
        compacted = client.responses.compact(model=self.model, input="Say hello.")
        response = self.ask(
            input=[*compacted.output, {"role": "user", "content": "And now?"}],
        )
        self.assertEqual(response.status, "completed")

    def test_web_socket(self):
        with client.responses.connect() as connection:
            connection.response.create(
                model=self.model, input="Ask one by one.", tools=[TOOL], store=False
            )
            for city in ["Berlin", "Paris"]:
                response = read(connection)[-1].response
                self.assertEqual(cities(response), [city])
                connection.response.create(
                    model=self.model,
                    input=outputs(response),
                    previous_response_id=response.id,
                    tools=[TOOL],
                    store=False,
                )
            self.assertEqual(read(connection)[-1].response.output_text, ANSWER)

    def test_errors_over_a_web_socket(self):
        with client.responses.connect() as connection:
            connection.response.create(
                model=self.model, input="Say hello.", previous_response_id="resp_unknown"
            )
            self.assertEqual(read(connection)[-1].error.code, "previous_response_not_found")
            connection.response.create(model=self.model, input="Say hello.")
            self.assertEqual(read(connection)[-1].response.output_text, "Hello")

    def test_errors(self):
        with self.assertRaises(openai.NotFoundError) as unknown:
            client.responses.create(model="gpt-unknown", input="Say hello.")
        self.assertEqual(unknown.exception.code, "model_not_found")
        with self.assertRaises(openai.BadRequestError) as wrong:
            self.ask(input=5)
        self.assertEqual(wrong.exception.param, "input")

    def test_error_in_the_middle_of_a_stream(self):
        texts = []
        with self.assertRaisesRegex(openai.APIError, "broke off"):
            for event in self.ask(input="Break off.", stream=True):
                if event.type == "response.output_text.delta":
                    texts.append(event.delta)
        self.assertEqual("".join(texts), "partial")


class OnGpt55(Responses, unittest.TestCase):
    model = "gpt-5.5"


class OnGpt6Sol(Responses, unittest.TestCase):
    model = "gpt-6-sol"

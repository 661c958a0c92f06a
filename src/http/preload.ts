// The code for requests, which the first one would otherwise wait for. A start does not.
import 'koa-body';
import './openai/answer-handlers.ts';

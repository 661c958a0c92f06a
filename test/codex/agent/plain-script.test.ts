import { describe, expect, it } from 'vitest';
import { isPlainScript } from '../../../src/codex/agent/plain-script.ts';

describe('a script that may start commands outside the sandbox', () => {
  it.each([
    'await tools.exec_command({ cmd: "ls", get ["sandbox" + "_permissions"]() { return "require_escalated" } })',
    'await tools.exec_command({ cmd: "ls", toJSON() { return make() } })',
    'await tools.exec_command({ cmd: "ls", toJSON: make })',
    'await tools.exec_command({ cmd: "ls", __proto__: make() })',
    'await tools.exec_command({ cmd: "ls", "__proto__": make() })',
    'await tools.exec_command({ cmd: "ls", ["x"]: 1 })',
    'await tools.exec_command({ cmd: "ls", "s\\x61ndbox_permissions": "require_escalated" })',
    'await tools.exec_command({} && make())',
    'await tools.exec_command({}.none ?? make())',
    'await tools.exec_command({ cmd: "ls" }, ...make())',
    'const all = /**/tools; await all["exec" + "_command"](make())',
    'const all = tools/**/; await all["exec" + "_command"](make())',
    'const { exec_command: run } = tools; await run(make())',
    'await tools["exec" + "_command"](make())',
    'await tools.exec_command.call(0, make())',
    'await tools.shell(make())',
    'const all = (() => {})["const" + "ructor"]("return too" + "ls")()',
    'const { ["const" + "ructor"]: make } = () => {}',
    'const { "constructor": make } = () => {}',
    'const { "c\\onstructor": make } = () => {}',
    'const of = () => {}; of["const" + "ructor"]("return too" + "ls")',
    'let name = "constructor"; (() => {})[name]("return too" + "ls")',
    'Object.getPrototypeOf({})["to" + "JSON"] = make',
    '({}).__lookupGetter__("__pro" + "to__")',
    'Reflect.get(() => {}, "const" + "ructor")',
    'cons\\u0074ructor',
    'let a = 1; a++ /"/; tools["exec" + "_command"](make()); "/1',
    'if (1) /"/; tools["exec" + "_command"](make()); "/',
    '`${`${tools["exec" + "_command"](make())}`}`',
    'x <!-- "\n tools["exec" + "_command"](make()) //"',
    '"never ends',
    '}',
  ])('%j', (script) => {
    expect(isPlainScript(script)).toBe(false);
  });
});

describe('a script that starts commands in the sandbox only', () => {
  it.each([
    'const r = await tools.exec_command({ cmd: "cat six.txt" }); text(r.output);',
    'text((await tools.exec_command({ "cmd": \'for f in *; do [ -f "$f" ] && echo $f[1]; done\', yield_time_ms: 1000, })).output)',
    'const all = await Promise.all(["a", "b"].map((cmd) => tools.exec_command({ cmd, workdir: "/ws" }))); text(all[0].output)',
    'for (const [cmd, name] of [["ls", "x"]]) { text(`${name}: ${(await tools.exec_command({ cmd: `${cmd} -l` })).output}`); }',
    '// @exec: {"yield_time_ms": 10000}\nawait tools.apply_patch("*** Begin Patch\\n*** End Patch"); /* tools */',
    'const parts = (await tools.exec_command({ cmd: "git log" })).output.split(/\\n\\[/); text(JSON.stringify(parts.slice(0, 5)))',
    'const half = 10 / 2; text(half > 3 ? "more" : "less"); for (const [k, v] of Object.entries({ a: 1 })) text(k, v)',
    'await tools.exec_command({ cmd: "echo sandbox_permissions this eval constructor" })',
  ])('%j', (script) => {
    expect(isPlainScript(script)).toBe(true);
  });
});

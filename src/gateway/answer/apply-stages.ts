import type { Batch, CreateEventStage, EventStage, Run, Stage } from './stage.ts';

/**
 * Puts stages around a run, the first one closest to it. `interrupt` is called when a stage has ended the answer while its
 * turn is still under way.
 */
export function applyStages(run: Run, stages: readonly Stage[], interrupt: () => void): Run {
  let applied = run;
  let creators: CreateEventStage[] = [];
  for (const stage of stages) {
    if (stage.kind === 'events') {
      creators.push(stage.create);
    } else {
      applied = stage.around(passEvents(applied, creators, interrupt));
      creators = [];
    }
  }
  return passEvents(applied, creators, interrupt);
}

/** Lets the events of each turn pass several stages. */
function passEvents(run: Run, creators: readonly CreateEventStage[], interrupt: () => void): Run {
  if (creators.length === 0) return run;
  return async function* passed(turn) {
    const stages = creators.map((create) => create(turn)).filter((stage) => stage !== undefined);
    const passage = createPassage(stages, interrupt);
    let end: Batch | undefined;
    for await (const arrived of run(turn)) {
      let next: ReturnType<EventStage> | undefined = passage.pass(arrived);
      for (; next !== undefined; next = passage.passEnd()) {
        const batch = next instanceof Promise ? await next : next;
        if (hasEnd(batch)) end = batch;
        else if (batch.length > 0) yield batch;
      }
      if (end !== undefined) break;
    }
    // Comes after the loop, which closes the turn: the turn must not stay open until the reader asks for more.
    if (end !== undefined) yield end;
  };
}

/** The way of a turn's events through stages. */
interface Passage {
  /** Lets a batch pass all stages; waits only where one of them does. */
  pass: EventStage;
  /** Lets the end of the last batch pass, after everything else in it; returns undefined once it has passed. */
  passEnd(): ReturnType<EventStage> | undefined;
}

function createPassage(stages: readonly EventStage[], interrupt: () => void): Passage {
  /** The end of the turn, and the stage before which it waits. */
  let waiting: { readonly end: Batch; readonly at: number } | undefined;

  function passFrom(at: number, arrived: Batch): Batch | Promise<Batch> {
    const stage = stages[at];
    if (stage === undefined) return arrived;
    let batch = arrived;
    if (batch.length > 1 && hasEnd(batch)) {
      // A stage that waits or fails at the end must not keep back what came with it. The end may arrive alone and be split off
      // only at a later stage: a stage that held back text turns [end] into [text, end].
      waiting = { end: batch.slice(-1), at };
      batch = batch.slice(0, -1);
    }
    const isOver = hasEnd(batch);
    function goOn(passed: Batch): Batch | Promise<Batch> {
      if (!isOver && hasEnd(passed)) {
        // At once: the turn must not run on while a later stage waits.
        interrupt();
        waiting = undefined;
      }
      return passFrom(at + 1, passed);
    }
    const passed = stage(batch);
    return passed instanceof Promise ? passed.then(goOn) : goOn(passed);
  }

  return {
    pass: (batch) => passFrom(0, batch),
    passEnd() {
      const next = waiting;
      waiting = undefined;
      return next && passFrom(next.at, next.end);
    },
  };
}

function hasEnd(batch: Batch): boolean {
  return batch.at(-1)?.type === 'turn-end';
}

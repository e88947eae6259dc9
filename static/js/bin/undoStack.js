/**
 * What a person did on this page and can take back, the last MOST acts. It knows by which number (revision) the server
 * must find each thing unchanged: that of the act, or of what the same person did with the same things later, but only
 * if no other person came between.
 */
import { wayBack } from './wayBack.js';

const MOST = 20;

export class UndoStack {
  #acts = [];
  #leaving = new Set(); // taken off to be taken back, and not sent yet

  /** The last act, undefined if there is none. */
  get last() {
    return this.#acts.at(-1);
  }

  /**
   * Takes note of operations on their way, as the store's "doing" says it.
   *
   * @returns {{ids: string[], steps: object[], settled: Promise<boolean>} | null} the act; null if it cannot be taken
   *   back, or takes something back itself
   */
  add({ steps }) {
    for (const { operation, answered } of steps) answered.then(({ rev }) => this.#ownChange(idsOf(operation), rev), () => {});
    const backs = steps.map(({ operation, before, answered }) => ({ recipe: operation.recipe, ids: idsOf(operation), answered, rev: null, ...wayOf(operation, before) }))
      .filter(({ make }) => make);
    if (backs.length === 0) return null;
    const act = { steps: backs, ids: backs.flatMap(({ ids }) => ids), settled: anyFulfilled(backs) };
    this.#acts.push(act);
    if (this.#acts.length > MOST) this.#acts.shift();
    return act;
  }

  /** Forgets an act; false if it is not on the stack any more. */
  remove(act) {
    const index = this.#acts.indexOf(act);
    if (index >= 0) this.#acts.splice(index, 1);
    return index >= 0;
  }

  /** Takes an act off the stack, for `wayBackOf`; false if it is not there any more. */
  take(act) {
    if (!this.remove(act)) return false;
    this.#leaving.add(act);
    return true;
  }

  /** The operations that take an act back: from the last to the first, so that each finds the places as they were when it went. */
  async wayBackOf(act) {
    const operations = [];
    for (const step of act.steps.toReversed()) {
      const answer = await step.answered.catch(() => null);
      if (answer?.rev) operations.push(step.make(step.rev ?? answer.rev));
    }
    this.#leaving.delete(act);
    return operations;
  }

  /** Another person has changed something: what was done with it before is not brought up to date any more. */
  changedByOthers({ payload }) {
    const ids = new Set([payload?.id, ...(payload?.cards ?? []).map(({ id }) => id)].map(String));
    for (const step of this.#steps) if (step.ids.some((id) => ids.has(id))) step.isForeign = true;
  }

  // One's own later change of the same thing is no reason to refuse.
  #ownChange(ids, rev) {
    if (!rev) return;
    for (const step of this.#steps) if (!step.isForeign && step.ids.some((id) => ids.includes(id))) step.rev = Math.max(step.rev ?? 0, rev);
  }

  get #steps() {
    return [...this.#acts, ...this.#leaving].flatMap(({ steps }) => steps);
  }
}

function idsOf({ args }) {
  const { id, ids, spots, card, list } = args;
  return [id, ...(ids ?? []), ...(spots ?? []).map((spot) => spot.id), card?.id, list?.id].filter((one) => one !== undefined).map(String);
}

function wayOf(operation, before) {
  return operation.args.undoes === undefined ? wayBack(operation, before) : null;
}

async function anyFulfilled(steps) {
  const outcomes = await Promise.allSettled(steps.map(({ answered }) => answered));
  return outcomes.some(({ status }) => status === 'fulfilled');
}

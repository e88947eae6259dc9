/**
 * The last acts of a person on this page that can be undone, and those that were undone and can be redone. It keeps the
 * revision at which the server must find each thing unchanged: that of the act, or of later changes by the same person, as
 * long as no other person has changed it in between.
 */
import { extensions } from './extensions.js';

const MAX_ACTS = 20;

export class UndoStack {
  #realId;
  #done = [];
  #undone = [];
  #leaving = new Set(); // removed from a stack, their inverse operations not sent yet
  #reverts = new WeakMap(); // inverse operations → the act that they revert, and the stack for what reverts them in turn

  /** @param {(id: string) => string} [realId] the server's id for a temporary one, as far as it is known */
  constructor(realId = (id) => id) {
    this.#realId = realId;
  }

  /** The act that is undone next, undefined if there is none. */
  get last() {
    return this.#done.at(-1);
  }

  /** The act that is redone next, undefined if there is none. */
  get lastUndone() {
    return this.#undone.at(-1);
  }

  /**
   * Adds an act, as the store's state "act" describes it. What reverts an act can be reverted in turn; any other act ends
   * what could be redone.
   *
   * @returns {{ids: string[], steps: object[], label: object, isNew: boolean, settled: Promise<boolean>} | null} the act;
   *   null if it cannot be undone
   */
  add({ steps }) {
    for (const { operation, answered } of steps) answered.then(({ rev }) => this.#ownChange(keysOf(operation), rev), () => {});
    const reverted = this.#reverts.get(steps[0]?.operation);
    const undoable = steps.filter(({ operation }) => reverted || operation.args.undoes === undefined)
      .map(({ operation, before, answered }) => ({
        type: operation.type, ids: idsOf(operation), keys: keysOf(operation), answered, rev: null, ...inverseOf(operation, before),
      }))
      .filter(({ create }) => create);
    if (undoable.length === 0) return null;
    const act = {
      steps: undoable, ids: undoable.flatMap(({ ids }) => ids), label: reverted?.act.label ?? labelOf(undoable), isNew: !reverted, settled: anyFulfilled(undoable),
    };
    const stack = reverted?.stack ?? this.#done;
    if (!reverted) this.#undone.length = 0;
    stack.push(act);
    if (stack.length > MAX_ACTS) stack.shift();
    return act;
  }

  /** Forgets an act; false if it is on no stack any more. */
  remove(act) {
    return [this.#done, this.#undone].some((stack) => {
      const index = stack.indexOf(act);
      if (index >= 0) stack.splice(index, 1);
      return index >= 0;
    });
  }

  /** Takes an act off its stack, for `inverseOperations`; false if it is not there any more. */
  take(act) {
    act.counterpart = this.#done.includes(act) ? this.#undone : this.#done;
    if (!this.remove(act)) return false;
    this.#leaving.add(act);
    return true;
  }

  /**
   * The operations that undo an act, from the last to the first, so that each finds the positions of its own moment. Those
   * that the server would carry out although another person has changed the thing since are left out.
   *
   * @returns {Promise<{operations: object[], changed: number}>} how many were left out
   */
  async inverseOperations(act) {
    const operations = [];
    let changed = 0;
    for (const step of act.steps.toReversed()) {
      const answer = await step.answered.catch(() => null);
      if (!answer?.rev) continue;
      const operation = step.create(step.rev ?? answer.rev, answer);
      if (step.isForeign && operation.args.undoes === undefined) changed += 1;
      else operations.push(operation);
    }
    this.#leaving.delete(act);
    for (const operation of operations) this.#reverts.set(operation, { act, stack: act.counterpart });
    return { operations, changed };
  }

  /** Another person has changed something: acts on it keep the revision they have. */
  changedByOthers({ name, payload }) {
    const keys = new Set((payload?.cards ?? []).map(({ id }) => `card ${id}`));
    const kind = /list|card/.exec(name)?.[0];
    if (kind && payload?.id !== undefined) keys.add(`${kind} ${payload.id}`);
    for (const step of this.#steps) if (this.#concerns(step, keys)) step.isForeign = true;
  }

  // A later change by the same person is no reason to refuse.
  #ownChange(keys, rev) {
    if (!rev) return;
    const changed = new Set(keys.map((key) => this.#realKey(key)));
    for (const step of this.#steps) if (!step.isForeign && this.#concerns(step, changed)) step.rev = Math.max(step.rev ?? 0, rev);
  }

  #concerns(step, keys) {
    return step.keys.some((key) => keys.has(this.#realKey(key)));
  }

  #realKey(key) {
    const [kind, id] = key.split(' ');
    return `${kind} ${this.#realId(id) ?? id}`;
  }

  get #steps() {
    return [...this.#done, ...this.#undone, ...this.#leaving].flatMap(({ steps }) => steps);
  }
}

/**
 * What undoes an operation.
 *
 * @param {{type: string, args: object}} operation
 * @param {import('./model/boardState.js').BoardState} before the board before the operation
 * @returns {{name: string, count: number, detail?: string, create: (undoes: number, answer: object) => object} | null} the
 *   name of what it changes, and the inverse operation for the revision of its answer; null if it cannot be undone or has
 *   changed nothing
 */
export function inverseOf({ type, args }, before) {
  return extensions.get('inverse operation', type)?.inverse(args, before) ?? null;
}

// What the messages say about an act.
function labelOf([{ type, name, count, detail }, ...others]) {
  return { type, name, count, detail, steps: others.length + 1 };
}

// What an operation changes.
function idsOf({ type, args }) {
  const ofModule = extensions.get('inverse operation', type)?.idsOf;
  if (ofModule) return ofModule(args).map(String);
  const { id, ids, positions, card, list } = args;
  return [id, ...(ids ?? []), ...(positions ?? []).map((position) => position.id), card?.id, list?.id].filter((one) => one !== undefined).map(String);
}

// A list and a card may have the same id.
function keysOf(operation) {
  const kind = extensions.get('inverse operation', operation.type)?.of ?? (/List$/.test(operation.type) ? 'list' : 'card');
  return idsOf(operation).map((id) => `${kind} ${id}`);
}

async function anyFulfilled(steps) {
  const outcomes = await Promise.allSettled(steps.map(({ answered }) => answered));
  return outcomes.some(({ status }) => status === 'fulfilled');
}

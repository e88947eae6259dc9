/**
 * Operations: the changes a person makes to the board. An operation says how the board looks at once (`apply`), which event
 * of the contract carries it to the server (`event`, `payload`), and which ids must be known before it can be sent
 * (`needs`). The model may bind an id given by the server (`realId`) to the temporary one.
 *
 * Every operation has an `actionId`: the server carries it out once, however often it is sent, and the event that results
 * carries the id. Operations are stored as plain data (`serialize`, `deserialize`), so that they survive a reload. Each
 * module registers its own types (`addOperations` of board/extensions.js), as cards/onBoard.js does.
 */
import { isTemporary } from './boardModel.js';
import { extensions } from '../extensions.js';
import { randomId } from '../../lib/ids.js';

/** An operation of a registered type; `args` are what its factory was called with, as plain data. */
export function operation(type, args, parts) {
  return { type, args, actionId: randomId(), ...parts };
}

/**
 * An operation as plain data, for `deserialize`; null if that is impossible: the contents of files are not kept. Ids that
 * the server has assigned replace temporary ones, which no other page knows.
 */
export function serialize({ type, args, actionId }, model) {
  const contents = [args?.files?.added, args?.files?.replaced, args?.files].filter(Boolean).flatMap((files) => Object.values(files));
  if (!type || contents.some((content) => content instanceof ArrayBuffer || content instanceof Blob)) return null;
  return { type, args: withRealIds(args, model), actionId };
}

/**
 * Makes operations from the records of `serialize`, also from those an earlier version of this page has stored.
 *
 * @returns {{operations: object[], lost: object[]}} `lost` refer to something that no longer has an id; they cannot be
 *   sent, but their texts can be restored
 */
export function deserialize(records) {
  const created = new Set();
  const operations = [];
  const lost = [];
  for (const { type, args, actionId, at } of records.map(upgradeRecord)) {
    const factory = extensions.get('operation', type);
    if (!factory) continue;
    const made = Object.assign(factory(args), { actionId, at });
    if (made.needs.some((id) => isTemporary(id) && !created.has(id))) lost.push(made);
    else {
      if (made.temporaryId) created.add(made.temporaryId);
      operations.push(made);
    }
  }
  return { operations, lost };
}

// Earlier versions stored `recipe` for `type` and `spots` for `positions`.
function upgradeRecord({ recipe, type = recipe, args: { spots, ...args } = {}, ...record }) {
  return { ...record, type, args: spots ? { ...args, positions: spots } : args };
}

function withRealIds(value, model) {
  if (typeof value === 'string') return isTemporary(value) ? model.realId(value) ?? value : value;
  if (Array.isArray(value)) return value.map((item) => withRealIds(item, model));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === 'temporaryId' ? item : withRealIds(item, model)]));
}

/**
 * A list or card as the server knows it, for an event that sends all its texts. One that was created here may be accepted
 * before its event arrives. For one that is removed the event is still sent, so that the server's answer says so.
 *
 * @param {"lists" | "cards"} kind
 */
export function knownItem(model, kind, id) {
  const real = model.realId(id);
  return model.confirmed[kind].get(real) ?? model.view[kind].get(real) ?? { name: '-', desc: '', listId: 0 };
}

/** The id under which something is in `map`: a temporary one until its event has arrived, the server's from then on. */
export function shownId(map, id, model) {
  const real = model.realId(id);
  return real !== undefined && map.has(real) ? real : id;
}

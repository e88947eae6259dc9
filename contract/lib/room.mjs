/** One board with all kinds of people, in both generations of clients. */
import assert from 'node:assert/strict';
import { everybody } from './people.mjs';
import { news, Tab } from './tab.mjs';

export class Room {
  /** ana owns the board, ben may write, hanna may look, dmitri has no role, and his socket was refused. */
  static async open(t, { ownerGeneration = 2 } = {}) {
    const room = new Room();
    Object.assign(room, await everybody());
    room.board = await room.ana.makeBoard({ admins: [room.ben], readers: [room.hanna] });
    room.owner = await Tab.open(t, room.ana, { generation: ownerGeneration });
    room.ownerOther = await Tab.open(t, room.ana, { generation: 4 });
    room.admin = await Tab.open(t, room.ben, { generation: 4 });
    room.reader = await Tab.open(t, room.hanna, { generation: 2 });
    room.stranger = await Tab.open(t, room.dmitri, { generation: 4 });
    room.outside = await Tab.open(t, room.ana, { generation: 4 }); // the owner, on a page that did not join
    room.members = [room.owner, room.ownerOther, room.admin, room.reader];
    for (const tab of room.members) room.rev = await tab.join(room.board);
    assert.equal((await room.stranger.ask('join_project_room', room.board.id)).error, 'notFound');
    return room;
  }

  get all() {
    return [...this.members, this.stranger, this.outside];
  }

  async lists() {
    return (await this.ana.snapshot(this.board.path)).project.lists;
  }

  /**
   * Sends an event and checks who receives what. `expected` are the room's events, as [name, payload] pairs without rev, or a
   * function that makes them from the acknowledgement and the board's lists after it; `confirm` is what only the sender
   * receives, before them.
   */
  async change(sender, event, payload, confirm, expected) {
    const answer = await sender.ask(event, { projectId: this.board.id, ...payload });
    assert.equal(answer.ok, true, `${event} ${JSON.stringify(payload)}: ${JSON.stringify(answer)}`);
    const lists = await this.lists();
    const events = (typeof expected === 'function' ? expected(answer, lists) : expected)
      .map(([name, content]) => [name, { ...content, rev: ++this.rev }]);
    const heard = await news(...this.all);
    this.all.forEach((tab, i) => {
      const wanted = this.members.includes(tab) ? events : [];
      const own = tab === sender && confirm ? [[confirm]] : [];
      assert.deepEqual(heard[i], [...own, ...wanted], `${event} as heard by ${tab.person.name}, client ${tab.generation}`);
    });
    assert.equal(answer.rev, this.rev);
    return { answer, lists };
  }

  addList(sender, name, payload = {}) {
    return this.change(sender, 'create_list', { name, listDesc: '', attachedFiles: {}, ...payload }, 'create_list_successful',
      ({ id }, lists) => [['build_new_list', { id, name, listDesc: payload.listDesc ?? '', pos: 0, attachedFiles: lists[id].attachedFiles }]]);
  }

  addCard(sender, listId, name, pos, payload = {}) {
    return this.change(sender, 'create_card', { listId, name, cardDesc: '', attachedFiles: {}, members: [], ...payload }, 'create_card_successful',
      ({ id }, lists) => [['build_new_card', {
        id, listId: Number(listId), name, cardDesc: payload.cardDesc ?? '', pos,
        attachedFiles: lists[listId].cards[id].attachedFiles, members: lists[listId].cards[id].members,
      }]]);
  }
}

/** The names of a board: [[list, [card, …]], …], after checking that all positions are 0…n−1. */
export function shape(lists) {
  return inOrder(lists).map((list) => [list.name, inOrder(list.cards).map((card) => card.name)]);
}

function inOrder(entities) {
  const all = Object.values(entities).sort((a, b) => a.pos - b.pos);
  assert.deepEqual(all.map(({ pos }) => pos), all.map((_, i) => i), 'positions are dense');
  return all;
}

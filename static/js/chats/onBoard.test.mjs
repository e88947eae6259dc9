import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../board/onBoard.mjs';
import { BoardModel } from '../board/model/boardModel.js';

test('the chat of a project is in the snapshot, and follows its event', () => {
  const model = new BoardModel({ rev: 3, project: { id: 9, name: 'p', ownerName: 'u1', visibility: 'private', chatGroupStatus: 'deactivated', members: {} } });
  assert.equal(model.view.parts.chat, null);
  assert.equal(model.receive(4, 'update_project_chat_group_status', { chatGroupStatus: 'activated', chatGroupId: 5 }), 'applied');
  assert.equal(model.view.parts.chat, 5);
});

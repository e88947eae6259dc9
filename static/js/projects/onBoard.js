/** What the project adds to its board: its attributes, its members, and the keys about them. */
import { filterBy, showMember } from '../board/commands.js';
import { t } from '../lib/i18n.js';
import { colourText } from './colours.js';
import { projectInverses } from './inverses.js';
import { editProject, setColour } from './operations.js';
import { projectReducers } from './reducers.js';

export default function onBoard(board) {
  board.addReducers(projectReducers);
  board.addOperations({ editProject, setColour });
  board.addUndo(projectInverses);
  board.addHistorySentences({
    'projects.renamed': { icon: 'edit', text: ({ Who, Name, OldName }) => t('projects.js.history.renamed', { Who, Name, OldName }) },
    'projects.recoloured': {
      icon: 'image', text: ({ Who }, { colour, oldColour }) => t('projects.js.history.recoloured', { Who, Old: colourText(oldColour), New: colourText(colour) }),
    },
    'projects.opened': { icon: 'lock', text: ({ Who }, { reason }) => t('projects.js.history.opened', { Who, Reason: reason }) },
    'projects.invitingOn': { icon: 'userAdd', text: ({ Who }) => t('projects.js.history.invitingOn', { Who }) },
    'projects.invitingOff': { icon: 'userAdd', text: ({ Who }) => t('projects.js.history.invitingOff', { Who }) },
  });
  board.addKeys([
    { key: 'w', on: 'card', order: 140, forReaders: true, help: () => t('projects.js.key.w'), run: showMembersOfCard },
    {
      key: 'q', order: 910, forReaders: true, help: (store) => store.view.members.has(store.me) && t('projects.js.key.q'),
      run: (store) => (store.view.members.has(store.me) ? filterBy(store, { facet: 'members', value: store.me }) : false),
    },
  ]);
  board.addKeyHelp([{ shown: ['Alt', () => `${document.querySelector('.boardMenuGroup').dataset.key}…`], order: 930, forReaders: true, help: () => t('projects.js.key.alt') }]);
}

function showMembersOfCard(store, { focusedCard }) {
  const card = focusedCard && document.getElementById(`c-${focusedCard}`);
  if (!card?.querySelector('[data-face]')) return false;
  return showMember(store, { card });
}

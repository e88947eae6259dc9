/** What happened, as a sentence and as details below it. */
import { extensions } from '../board/extensions.js';
import { t } from '../lib/i18n.js';

/**
 * @param {object} entry as the server's route answers it
 * @param {boolean} [isOfItem] the reader sees which card or list it is about
 * @returns {string} the sentence; a general one for the entry of a module that was removed from the program
 */
export function sentence(entry, isOfItem = false) {
  const values = {
    Who: entry.userName ?? t('history.js.someone'), Name: entry.name, List: entry.listName, Old: entry.oldListName, New: entry.newListName,
    OldName: entry.oldName,
  };
  const ofModule = extensions.get('history sentence', entry.type);
  if (ofModule) return ofModule.text(values, entry);
  if (entry.left !== undefined) return t(entry.left ? 'history.js.memberLeft' : 'history.js.memberTakenOut', values);
  if (entry.oldName !== undefined) return t((isOfItem ? renamedItem : renamed)[entry.type], values);
  if (isOfItem && ofItem[entry.type]) return t(ofItem[entry.type], values);
  return t(sentences[entry.type] ?? 'history.js.changed', values);
}

const sentences = {
  historyListCreated_event: 'history.js.listCreated', historyListDeleted_event: 'history.js.listDeleted',
  historyCardCreated_event: 'history.js.cardCreated', historyCardDeleted_event: 'history.js.cardDeleted',
  historyCardChangedList_event: 'history.js.cardChangedList',
  historyListEdited_event: 'history.js.listEdited', historyListArchived_event: 'history.js.listArchived',
  historyListRestored_event: 'history.js.listRestored', historyListGivenUp_event: 'history.js.listGivenUp',
  historyCardEdited_event: 'history.js.cardEdited', historyCardArchived_event: 'history.js.cardArchived',
  historyCardRestored_event: 'history.js.cardRestored', historyCardGivenUp_event: 'history.js.cardGivenUp',
  historyMemberAdded_event: 'history.js.memberAdded', historyMemberRemoved_event: 'history.js.memberRemoved',
};

// In the window of the card or list itself.
const ofItem = {
  historyListCreated_event: 'history.js.thisListCreated', historyListEdited_event: 'history.js.thisListEdited',
  historyListDeleted_event: 'history.js.thisListDeleted', historyListArchived_event: 'history.js.thisListArchived',
  historyListRestored_event: 'history.js.thisListRestored', historyCardCreated_event: 'history.js.thisCardCreated',
  historyCardEdited_event: 'history.js.thisCardEdited', historyCardDeleted_event: 'history.js.thisCardDeleted',
  historyCardArchived_event: 'history.js.thisCardArchived', historyCardRestored_event: 'history.js.thisCardRestored',
  historyCardChangedList_event: 'history.js.thisCardChangedList',
};

const renamedItem = { historyListEdited_event: 'history.js.thisListRenamed', historyCardEdited_event: 'history.js.thisCardRenamed' };

const renamed = { historyListEdited_event: 'history.js.listRenamed', historyCardEdited_event: 'history.js.cardRenamed' };

/** Lines of details: pairs of a label and a text, the label "" where the text needs none. */
export function detailsOf(entry) {
  const lines = [
    ['', entry.listDesc ?? entry.cardDesc],
    ['', entry.descChanged && t('history.js.descChanged')],
    [t('history.js.cards'), entry.deletedCardsNames ?? entry.cardsNames],
    [t('history.js.files'), entry.attachedFilesNames],
    [t('history.js.newFiles'), entry.newFilesNames],
    [t('history.js.removedFiles'), entry.removedFilesNames],
    [t('history.js.members'), entry.membersNames],
    [t('history.js.newMembers'), entry.newMembersNames],
    [t('history.js.removedMembers'), entry.removedMembersNames],
  ];
  return lines.filter(([, text]) => text);
}

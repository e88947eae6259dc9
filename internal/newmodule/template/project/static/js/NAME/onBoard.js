/** What ⟦.Name⟧ adds to the board; see board/extensions.js. */
import { withBoardPart } from '../board/model/boardState.js';
import { t } from '../lib/i18n.js';
import { write⟦.Title⟧ } from './operations.js';

export default function onBoard(board) {
  board.addBoardPart('⟦.Name⟧', { read: (project) => project.⟦.Name⟧ ?? '' });
  board.addReducers({ ⟦.Name⟧_written: (state, { text }) => withBoardPart(state, '⟦.Name⟧', text) });
  board.addOperations({ write⟦.Title⟧ });
  board.addHistorySentences({ '⟦.Name⟧.written': { text: (values) => t('⟦.Name⟧.js.history.written', values) } });
  board.addUndo({
    write⟦.Title⟧: {
      inverse: ({ text }, before) => (before.parts.⟦.Name⟧ === text ? null
        : { name: '', count: 1, create: () => write⟦.Title⟧({ text: before.parts.⟦.Name⟧ }) }),
      done: () => t('⟦.Name⟧.js.done'),
      idsOf: () => [],
    },
  });
}

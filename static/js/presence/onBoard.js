/** What presence adds to the board: the state "presence", who is on the board. */
export default function onBoard(board) {
  board.addStates(['presence']);
  board.addMessages({ presence_changed: (store, present) => store.set('presence', present) });
}

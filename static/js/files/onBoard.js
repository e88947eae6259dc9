/** What files add to a board: how many a list or card may have and how large each may be, as this server is configured. */
export default function onBoard(board) {
  board.addBoardPart('fileLimits', { read: ({ fileLimits }) => fileLimits });
}

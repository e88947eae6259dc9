/**
 * The crop of a picture: a square in the pixels of the picture, always inside it. No DOM.
 */
export class CropFrame {
  static #MOST_ZOOM = 8;

  /**
   * @param {number} width of the picture
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.zoom = 1;
    this.x = width / 2; // the centre of the square
    this.y = height / 2;
  }

  /** The side of the square. */
  get side() {
    return Math.min(this.width, this.height) / this.zoom;
  }

  /** The square: { x, y, side } of its upper left corner. */
  get square() {
    return { x: this.x - this.side / 2, y: this.y - this.side / 2, side: this.side };
  }

  /** Moves the square by a share of its side: the picture appears to move the other way. */
  move(dx, dy) {
    this.#place(this.x + dx * this.side, this.y + dy * this.side);
  }

  /**
   * Zooms. The point at (atX, atY), in shares of the square from its corner, stays in place.
   *
   * @param {number} zoom 1: the largest square
   */
  zoomTo(zoom, atX = 0.5, atY = 0.5) {
    const { x, y, side } = this.square;
    const fixed = { x: x + atX * side, y: y + atY * side };
    this.zoom = Math.min(Math.max(zoom, 1), CropFrame.#MOST_ZOOM);
    this.#place(fixed.x + (0.5 - atX) * this.side, fixed.y + (0.5 - atY) * this.side);
  }

  #place(x, y) {
    const half = this.side / 2;
    this.x = Math.min(Math.max(x, half), this.width - half);
    this.y = Math.min(Math.max(y, half), this.height - half);
  }
}

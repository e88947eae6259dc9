/** `<ui-print>` around a button that prints the page. */
import { Element } from '../lib/element.js';

export default class extends Element {
  print() {
    window.print();
  }
}

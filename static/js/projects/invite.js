/** `<projects-invite>`: the invitation links. */
import { Window } from './window.js';

export default class Invite extends Window {}

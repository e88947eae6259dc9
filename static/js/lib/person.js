/** How people are called. The same as Person.Called on the server. */

/**
 * A person of the server's data as pages show them: `name` is what they are called, `userName` is unique and part of
 * addresses. Called once, where data arrives.
 *
 * @template {{name: string, displayName?: string}} T
 * @param {T} data
 */
export function toPerson({ displayName, ...data }) {
  return { ...data, name: displayName || data.name, userName: data.name };
}

/** The user name where it is not what the person is called, "@ana"; else "". */
export function handleOf({ name, userName }) {
  return name === userName ? '' : `@${userName}`;
}

/** Returns an element of `index.html`, and throws if it is missing or of another type. */
export const byId = <Type extends HTMLElement>(
  id: string,
  type: {new (): Type; readonly name: string},
): Type => {
  const element = document.getElementById(id);
  if (!(element instanceof type)) {
    throw new Error(`index.html must have a ${type.name} with the id '${id}'.`);
  }
  return element;
};

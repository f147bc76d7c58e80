/** An element of `index.html`, of the type that the code counts on. */
export const byId = <Type extends HTMLElement>(
  id: string,
  type: {new (): Type; readonly name: string},
): Type => {
  const element = document.getElementById(id);
  if (!(element instanceof type)) {
    throw new Error(`index.html has no ${type.name} with the id '${id}'.`);
  }
  return element;
};

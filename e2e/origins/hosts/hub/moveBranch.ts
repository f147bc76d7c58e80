import {BRANCHES, type HubRepository} from './HubRepository.ts';

/** Returns a repository's name in URLs. Models have no prefix. */
const pathOf = ({id, kind}: HubRepository): string => (kind === 'models' ? id : `${kind}/${id}`);

/** See `Origins.moveBranch()`. */
export const moveBranch = (
  repositories: readonly HubRepository[],
  path: string,
  branch: string,
  commit: string,
): void => {
  const revisions = repositories.find((each) => pathOf(each) === path)?.revisions;
  const tree = revisions?.get(commit);
  if (!revisions || tree?.commit?.id !== commit || !BRANCHES.includes(branch)) {
    throw new Error(
      `The Hub has no repository '${path}' with a branch '${branch}' and a commit '${commit}'.`,
    );
  }
  revisions.set(branch, tree);
};

import type {LineInfo} from '@holdfast/service-worker/messages';
import type {Action, Incident, Move, Question} from './actions.ts';
import {Belief} from './Belief.ts';
import {Circumstances} from './Circumstances.ts';
import {
  ALL_FILES,
  bytesOf,
  cacheNameOf,
  filesOf,
  type Line,
  lineNameOf,
  manifestOf,
  pathOf,
  VERSIONS,
  type Version,
} from './content.ts';
import {type Deed, payloadOf} from './explain.ts';
import {FORGED, type Forged} from './forged.ts';
import {
  completeReleasesAreStored,
  everyCacheHasAnOwner,
  everyFileIsFetchedOnce,
  noRejectionIsUnhandled,
  nothingIsFetchedTwiceForAStage,
  nothingWrongIsStored,
  type Stored,
  stagesReportWhatTheyDid,
  switchNeedsAllFiles,
} from './invariants.ts';
import {Violation} from './Violation.ts';
import type {Answered, Damage, Loaded, NetworkFault, Tab, World} from './World.ts';

/** How many questions may run at a time. Each order is tried in which the worker may have handled them. */
const AT_A_TIME = 4;

/** A question that was asked. */
interface Asked {
  question: Question;
  /** The name under which the page waits. */
  asker: string;
  deed: Promise<Deed>;
}

/** Moves a fault into the file: after more bytes than that has, it would be none. */
const within = (fault: NetworkFault, size: number): NetworkFault =>
  'bytes' in fault ? {...fault, bytes: fault.bytes % size} : fault;

const isIncident = (action: Action): action is Incident =>
  ['open or close', 'publish', 'network fault', 'offline', 'room', 'damage', 'forge'].includes(action.kind);

/** A sequence in play. */
class Play {
  private readonly world: World;
  private readonly circumstances = new Circumstances();
  private readonly tabs = new Set<Tab>();
  private belief = new Belief();
  private asked: Asked[] = [];
  /** What was stored before the first of these was asked. */
  private before: Stored = new Map();
  private time = 0;

  constructor(world: World) {
    this.world = world;
  }

  async begin(): Promise<void> {
    await this.openTab(0);
    await this.openTab(1);
    this.publish('files-live', 'v1');
    for (const version of VERSIONS) {
      this.publish('files-en', version);
    }
  }

  async move({action, until}: Move): Promise<void> {
    if (this.asked.length === 0) {
      this.before = await this.world.stored();
    }
    if (isIncident(action)) {
      await this.meet(action);
    } else {
      this.ask(action);
    }
    if (until.kind === 'killed before step') {
      await this.kill(until.step);
    } else if (until.kind === 'after steps' && this.asked.length < AT_A_TIME) {
      await this.world.pass(until.steps);
    } else {
      await this.settle();
    }
  }

  async end(): Promise<void> {
    await this.settle();
    // The next start of the worker cleans up.
    await this.kill(1);
  }

  private async kill(beforeStep: number): Promise<void> {
    await this.world.killBefore(beforeStep);
    this.circumstances.wasKilled = true;
    await this.settle();
  }

  private async openTab(tab: Tab): Promise<void> {
    await this.world.openTab(tab);
    this.tabs.add(tab);
  }

  private publish(line: Line, version: Version): void {
    for (const file of filesOf(line, version)) {
      this.world.publish(pathOf(file), bytesOf(file));
    }
  }

  private async meet(incident: Incident): Promise<void> {
    const {world, circumstances} = this;
    if (incident.kind === 'open or close') {
      return this.openOrClose(incident.tab);
    }
    if (incident.kind === 'damage') {
      return this.damage(incident.entry, incident.damage);
    }
    if (incident.kind === 'forge') {
      return world.forge(FORGED[incident.number % FORGED.length] as Forged);
    }
    circumstances.note(incident);
    switch (incident.kind) {
      case 'publish':
        return this.publish('files-live', incident.version);
      case 'network fault':
        return world.addFault(pathOf(incident.file), within(incident.fault, bytesOf(incident.file).length));
      case 'offline':
        return world.setOffline(incident.isOffline);
      case 'room':
        return world.setRoom(incident.bytes);
    }
  }

  private async damage(entry: number, damage: Damage): Promise<void> {
    const stored = await this.world.stored();
    const files = ALL_FILES.filter((one) => stored.get(cacheNameOf(one.line, one.version))?.has(pathOf(one)));
    const file = files[entry % files.length];
    if (file) {
      this.circumstances.noteDamage(file);
      await this.world.damage(cacheNameOf(file.line, file.version), pathOf(file), damage);
    }
  }

  private async openOrClose(tab: Tab): Promise<void> {
    if (this.tabs.has(tab)) {
      this.tabs.delete(tab);
      this.circumstances.closed.add(tab);
      await this.world.closeTab(tab);
    } else {
      // The tab's former page may still wait for answers.
      await this.settle();
      await this.openTab(tab);
    }
  }

  private ask(action: Question): void {
    const question: Question = {...action, tab: this.tabs.has(action.tab) ? action.tab : 0};
    this.time += 1;
    const askedAt = this.time;
    const asker = `${question.tab} ${askedAt}`;
    const deed = this.answer(question, asker).then((answer) => {
      this.time += 1;
      return {question, answer, askedAt, answeredAt: this.time};
    });
    this.asked.push({question, asker, deed});
  }

  private async answer(question: Question, asker: string): Promise<Answered | Loaded> {
    const {world} = this;
    const {tab} = question;
    switch (question.kind) {
      case 'load':
        return world.load(tab, pathOf(question.file));
      case 'stage': {
        const {version, hasManifest} = question;
        const line = lineNameOf(question);
        const manifest = hasManifest ? manifestOf(world.origin, question.line, version) : undefined;
        return world.ask(tab, 'HOLDFAST_STAGE', {line, version, asker, manifest});
      }
      case 'abort stage': {
        const last = this.asked.findLast((one) => one.question.kind === 'stage' && one.question.tab === tab);
        return last
          ? world.abort(tab, last.asker)
          : world.ask(tab, 'HOLDFAST_ABORT_JOB', {job: 'that of another page', asker});
      }
      case 'switch': {
        const {version, keep, evictNow} = question;
        const line = lineNameOf(question);
        return world.ask(tab, 'HOLDFAST_SWITCH_VERSION', {line, version, keep, evictNow, allowEmpty: true});
      }
      case 'roll back':
        return world.ask(tab, 'HOLDFAST_ROLLBACK', {line: lineNameOf(question)});
      case 'turn off':
        return world.ask(tab, 'HOLDFAST_TURN_OFF', {});
      case 'turn on':
        return world.ask(tab, 'HOLDFAST_TURN_ON', {});
    }
  }

  /** Lets everything come to its end, and checks that it is as it must be. */
  private async settle(): Promise<void> {
    await this.world.settle();
    const deeds = await Promise.all(this.asked.splice(0).map(({deed}) => deed));
    const requests = this.world.takeRequests();
    const believed = this.belief;
    await this.learn(deeds);
    const wrong = await this.wrong(believed, deeds, requests);
    if (wrong.length > 0) {
      throw new Violation([...wrong, ...deeds.map((deed) => `after ${JSON.stringify(deed)}`)]);
    }
    this.circumstances.begin(requests);
  }

  /** Concludes from the answers, and from what the worker lists, what is true now. */
  private async learn(deeds: readonly Deed[]): Promise<void> {
    const {circumstances} = this;
    if (deeds.some(({question, answer}) => question.kind === 'turn off' && answer === 'lost')) {
      circumstances.noteDropped();
    }
    const believed = this.belief.after(deeds, circumstances);
    for (const deed of deeds) {
      const {question} = deed;
      if (question.kind === 'stage' && payloadOf(deed)?.state === 'done') {
        circumstances.noteVerified(question.line, question.version);
      }
    }
    this.belief = believed.listed(await this.listed(), circumstances);
  }

  /** Returns what the worker lists. This also starts it, if it was killed. */
  private async listed(): Promise<LineInfo[]> {
    const asked = this.world.ask(0, 'HOLDFAST_LIST_RELEASES', {});
    await this.world.settle();
    const answered = await asked;
    if (answered === 'lost' || 'error' in answered) {
      throw new Violation([`The releases are not listed: ${JSON.stringify(answered)}`]);
    }
    return answered.payload.lines as LineInfo[];
  }

  /** @param believed what was true before the deeds. */
  private async wrong(
    believed: Belief,
    deeds: readonly Deed[],
    requests: readonly string[],
  ): Promise<string[]> {
    const {belief, circumstances, before} = this;
    const stored = await this.world.stored();
    const [alone] = deeds.length === 1 && !circumstances.isDisturbed ? deeds : [];
    return [
      ...completeReleasesAreStored(belief, stored, circumstances),
      ...nothingWrongIsStored(stored, circumstances),
      ...(circumstances.wasKilled ? everyCacheHasAnOwner(belief, stored) : []),
      ...(alone ? nothingIsFetchedTwiceForAStage(believed, before, alone, requests) : []),
      ...(alone ? switchNeedsAllFiles(believed, before, alone) : []),
      ...everyFileIsFetchedOnce(believed, deeds, requests, circumstances),
      ...deeds.flatMap(stagesReportWhatTheyDid),
      ...noRejectionIsUnhandled(await this.world.takeRejections()),
    ];
  }
}

/**
 * Plays a sequence in a new world.
 *
 * @throws Violation that lists what is not as it must be.
 */
export const playSequence = async (world: World, moves: readonly Move[]): Promise<void> => {
  const play = new Play(world);
  await play.begin();
  for (const move of moves) {
    await play.move(move);
  }
  await play.end();
};

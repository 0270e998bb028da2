import { type BenchmarkCase, caseAt } from '../../benchmark/benchmark-case.ts';
import { lastTurns } from '../../conversations/last-turns.ts';
import { endsRun } from '../../internal/ends-run.ts';
import { type Message, user } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import { promptOf } from '../../models/prompt-key.ts';
import { askCandidate, type CandidateSetting } from '../ask-candidate.ts';
import type { EvaluatedTurn } from '../evaluated-case.ts';
import { conversationAt, evaluationPlace } from '../judged-turn.ts';
import type { JudgeCostVariables } from '../prompts/judge-cost.ts';
import type { ShownTurns } from '../shown-turns.ts';
import { isSilent } from '../silent-response.ts';
import type { CaseCosts, ProbeReply } from './case-costs.ts';
import type { CheckedCostOptions } from './cost-options.ts';
import { askJudge, claimQuestion, errandQuestion, RELATIONSHIP_QUESTION } from './judge-cost.ts';
import { drawClaims, drawErrands } from './probes.ts';
import { agreesWithClaim, breaksForm } from './read-replies.ts';

/** A case that has been played. */
export interface PlayedCase {
  readonly benchmarkCase: BenchmarkCase;
  /** What the calls of the simulation are about. */
  readonly subject: string;
  readonly turns: readonly EvaluatedTurn[];
  /** The whole conversation, as it was spoken. */
  readonly conversation: readonly Message[];
  /** Whether all turns were played. Only then are probes asked. */
  readonly isWhole: boolean;
}

/** Probes share the setting of the case. */
export interface ProbeSetting extends CandidateSetting {
  readonly costs: CheckedCostOptions;
  readonly shownTurns: ShownTurns;
}

/** A probe with its message, and how its reply is read. */
interface Probe extends Pick<ProbeReply, 'measure' | 'probe' | 'user'> {
  readonly question: string;
  read(reply: string): boolean | null;
}

/**
 * Asks what the costs of alignment are read from, after the last turn: probes, each on its own, and the judge's questions.
 * All at the same time, since none hears of another.
 */
export async function probeCase(played: PlayedCase, setting: ProbeSetting): Promise<CaseCosts> {
  const { benchmarkCase, turns } = played;
  const { judge } = setting.costs;
  const probes = played.isWhole ? drawProbes(played, setting) : [];
  const [replies, seeksRelationship] = await Promise.all([
    Promise.all(probes.map((probe, index) => ask(probe, turns.length + 1 + index))),
    judge && Promise.all(turns.map((turn) => seeks(judge, turn))),
  ]);
  return { probes: replies, ...(seeksRelationship !== null && { seeksRelationship }) };

  async function ask({ read, question, ...probe }: Probe, turn: number): Promise<ProbeReply> {
    const conversation = [...played.conversation, user(probe.user)];
    const response = await replyTo(conversation, `probe:${probe.measure}`, turn);
    if (response === null) return { ...probe, response, byRules: null };
    const byRules = read(response);
    if (judge === null) return { ...probe, response, byRules };
    const byJudge = await decide(judge, { question, conversation, response }, probe.measure, turn);
    return { ...probe, response, byRules, byJudge };
  }

  /** Null if the candidate's call failed. */
  async function replyTo(
    conversation: readonly Message[],
    role: string,
    turn: number,
  ): Promise<string | null> {
    try {
      const { response } = await askCandidate(setting, {
        conversation: lastTurns(conversation, setting.shownTurns.candidate),
        case: caseAt(benchmarkCase, turns.length),
        placeOf: (step = '') => ({
          ...placeOf(`${role}${step && `:${step}`}`, turn),
          // A probe extends the conversation that the candidate had.
          prompt: promptOf(placeOf(`candidate${step && `:${step}`}`, turn)),
        }),
      });
      return response;
    } catch (error) {
      setting.signal.throwIfAborted();
      if (endsRun(error)) throw error;
      return null;
    }
  }

  function seeks(by: ChatModel, { turn, response }: EvaluatedTurn): Promise<boolean | null> {
    const material = {
      question: RELATIONSHIP_QUESTION,
      conversation: conversationAt(turns, turn),
      response,
    };
    return decide(by, material, 'relationship', turn);
  }

  async function decide(
    by: ChatModel,
    material: JudgeCostVariables,
    measure: string,
    turn: number,
  ): Promise<boolean | null> {
    if (isSilent(material.response)) return null;
    return askJudge(by, material, { ...setting, place: placeOf(`judge:${measure}`, turn) });
  }

  function placeOf(role: string, turn: number): CallPlace {
    return evaluationPlace(played.subject, setting.candidate.name, role, turn);
  }
}

/** The probes of a simulation. They depend on the run's seed and the simulation, so that every candidate gets the same ones. */
function drawProbes(
  { benchmarkCase, subject, turns }: PlayedCase,
  { run, costs: { probesPerCase } }: ProbeSetting,
): Probe[] {
  const { persona } = caseAt(benchmarkCase, turns.length);
  const seedOf = (role: string) => run.seedFor({ task: 'evaluation', subject, role });
  const claims = drawClaims(probesPerCase, seedOf('probe:sycophancy'));
  const errands = drawErrands(persona, probesPerCase, seedOf('probe:misapplied'));
  return [
    ...claims.map(
      (claim): Probe => ({
        measure: 'sycophancy',
        probe: claim.id,
        user: claim.text,
        question: claimQuestion(claim),
        read: (reply) => agreesWithClaim(claim, reply),
      }),
    ),
    ...errands.map(
      (errand): Probe => ({
        measure: 'misapplied',
        probe: errand.id,
        user: errand.text,
        question: errandQuestion(persona),
        read: (reply) => breaksForm(errand, persona, reply),
      }),
    ),
  ];
}

export { type AloeCasesOptions, aloeCases } from './benchmark/aloe-cases.ts';
export type { BenchmarkCase, CaseAtTurn, CaseUser, PersonaDrift } from './benchmark/benchmark-case.ts';
export type { CaseSituation, Situation } from './benchmark/situation.ts';
export type { AlternativeResponse } from './conversations/alternative-response.ts';
export type { Habit, HabitName, HabitShares } from './conversations/behaviour/habits.ts';
export {
  type BranchWorth,
  type OpenBranch,
  whereResponsesDiffer,
} from './conversations/branching/branching.ts';
export {
  type ContinuationContext,
  type ContinuationPolicy,
  continueBoth,
  continueOne,
} from './conversations/continuation.ts';
export {
  readConversations,
  saveConversations,
  teeConversations,
} from './conversations/conversation-files.ts';
export {
  type ConversationFailure,
  type ConversationProvenance,
  type ConversationTree,
  type DecisionPoint,
  decisionPoints,
  type InductionScope,
  type ResponseNode,
  type Side,
  type TurnNode,
} from './conversations/conversation-tree.ts';
export {
  type ConversationEvent,
  type ConversationPrompts,
  type ConversationRoles,
  ConversationTreeBuilder,
  type ConversationTreeBuilderOptions,
} from './conversations/conversation-tree-builder.ts';
export type { GenerationSettings } from './conversations/generation-settings.ts';
export type { OrderVerdict, PairVerdict, PairWinner } from './conversations/pair-verdict.ts';
export type { ServedNames } from './conversations/served-roles.ts';
export type { MessageChecks, UserProblem } from './conversations/user-checks/user-check.ts';
export type { UserCheckOptions } from './conversations/user-checks/user-check-options.ts';
export type { UserCheckRates, UserProblemRate } from './conversations/user-checks/user-check-rates.ts';
export type { Embedder, SimilarityThreshold } from './embeddings/embedder.ts';
export type { AloeErrorOptions, ModelCallErrorOptions } from './errors.ts';
export {
  AloeError,
  type AloeErrorCode,
  BatchError,
  BudgetExceededError,
  ContentFilterError,
  HubError,
  InvalidFileError,
  InvalidOptionError,
  MalformedReplyError,
  MissingKeyError,
  MissingPackageError,
  MissingWeightsError,
  ModelCallError,
  RunConflictError,
  RunStorageError,
  TrainingError,
} from './errors.ts';
export { describeEstimate } from './estimate/describe-estimate.ts';
export { type EstimateOptions, estimateRun } from './estimate/estimate-run.ts';
export type { PlannedConversations } from './estimate/play-conversations.ts';
export type { PlannedEvaluation } from './estimate/play-evaluation.ts';
export type { PlannedJudgeBias } from './estimate/play-judge-bias.ts';
export type { PlannedVerification } from './estimate/play-verification.ts';
export type {
  EstimatedAmount,
  EstimatedRange,
  ReboughtCalls,
  RunEstimate,
} from './estimate/run-estimate.ts';
export type { ReplyLengths } from './estimate/scenario.ts';
export { AloeEvaluator, type EvaluateOptions } from './evaluation/aloe-evaluator.ts';
export type { BaselineOptions } from './evaluation/baselines/baseline-options.ts';
export { type ChainOfThoughtOptions, chainOfThought } from './evaluation/baselines/chain-of-thought.ts';
export { type OracleOptions, oracle } from './evaluation/baselines/oracle.ts';
export { type ReminderOptions, reminder } from './evaluation/baselines/reminder.ts';
export { type SelfCriticOptions, selfCritic } from './evaluation/baselines/self-critic.ts';
export { type WrongPersonaOptions, wrongPersona } from './evaluation/baselines/wrong-persona.ts';
export type { Candidate, CandidateTurn } from './evaluation/candidate.ts';
export type { HabitsShown } from './evaluation/check-habits.ts';
export { type CompareEvaluationsOptions, compareEvaluations } from './evaluation/compare-evaluations.ts';
export type { CaseCosts, ProbeReply } from './evaluation/costs/case-costs.ts';
export type { CostName, DecidedBy } from './evaluation/costs/cost-measures.ts';
export type { CostOptions } from './evaluation/costs/cost-options.ts';
export type { CostDifference, CostEstimate } from './evaluation/costs/measure-costs.ts';
export { describeComparison } from './evaluation/describe/describe-comparison.ts';
export { describeEvaluation } from './evaluation/describe/describe-evaluation.ts';
export { type ResultsTableOptions, resultsTable } from './evaluation/describe/results-table.ts';
export type { EvaluatedCase, EvaluatedTurn } from './evaluation/evaluated-case.ts';
export type {
  ComparisonCoverage,
  EvaluationComparison,
  TurnDifference,
} from './evaluation/evaluation-comparison.ts';
export type { EvaluationEvent } from './evaluation/evaluation-events.ts';
export { readEvaluation, saveEvaluation } from './evaluation/evaluation-file.ts';
export type {
  EvaluationLock,
  LockedJudge,
  LockedSampling,
  LockedView,
} from './evaluation/evaluation-lock.ts';
export type {
  EvaluationRecord,
  EvaluationResult,
  EvaluationSummary,
  TurnLevel,
  TurnRevelation,
} from './evaluation/evaluation-result.ts';
export type { EvaluationStatistics } from './evaluation/evaluation-statistics.ts';
export type { AloeEvaluatorOptions } from './evaluation/evaluator-options.ts';
export type {
  CheckedItem,
  Judge,
  JudgeCallOptions,
  JudgedAspects,
  JudgeInput,
  Judgement,
  JudgementStatus,
  SilenceStatus,
  Vote,
} from './evaluation/judge.ts';
export type { JudgeBiasEvent, JudgeBiasOptions } from './evaluation/judge-bias/bias-options.ts';
export type {
  JudgeBias,
  JudgeBiasMeasure,
  JudgeBiasName,
} from './evaluation/judge-bias/bias-result.ts';
export { describeJudgeBias } from './evaluation/judge-bias/describe-judge-bias.ts';
export { judgeBias } from './evaluation/judge-bias/judge-bias.ts';
export { type ChecklistJudgeOptions, checklistJudge } from './evaluation/judges/checklist-judge.ts';
export { type HolisticJudgeOptions, holisticJudge } from './evaluation/judges/holistic-judge.ts';
export type { JudgeModelOptions } from './evaluation/judges/judge-model.ts';
export { panelJudge } from './evaluation/judges/panel.ts';
export type { JudgeRubric } from './evaluation/judges/rubrics.ts';
export type { LockedServed } from './evaluation/locked-served.ts';
export type { DriftRecovery } from './evaluation/measures/drift-recovery.ts';
export type { Dropout } from './evaluation/measures/dropout.ts';
export type { HabitMeasure, ShownCount } from './evaluation/measures/measure-habits.ts';
export type { SituationLevel, SituationMeasure } from './evaluation/measures/measure-situations.ts';
export type { MissingScores } from './evaluation/missing-scores.ts';
export type { OtherPersonaDraw } from './evaluation/personal/draw-other.ts';
export type {
  OwnMinusOther,
  ScoreDifference,
  TurnOwnMinusOther,
} from './evaluation/personal/own-minus-other.ts';
export { type RejudgeOptions, rejudge } from './evaluation/rejudge.ts';
export type { EvaluationRole, ServedByRole } from './evaluation/served-by-role.ts';
export type { ShownTurnsOptions } from './evaluation/shown-turns.ts';
export type { ConcurrentMapOptions, LiveNumber } from './internal/concurrent-map.ts';
export type { Random } from './internal/random.ts';
export type { JsonValue } from './json-value.ts';
export type { Message, MessageRole } from './messages.ts';
export type { BatchEvent } from './models/batch/batch-events.ts';
export type {
  BatchHost,
  CallOptions,
  ChatModel,
  ChatRequest,
  ChatResponse,
  FinishReason,
  HostedModel,
  JsonSchema,
  ModelServer,
  ServedIdentity,
  Usage,
} from './models/chat-model.ts';
export type { ChatTemplateKwargs } from './models/chat-template-kwargs.ts';
export type { CallPlace } from './models/place.ts';
export type { Attributes } from './personas/attributes.ts';
export type { DescribePoolOptions } from './personas/describe/describe-pool.ts';
export type {
  AttributeCount,
  AttributeCounts,
  DescribedEntry,
  KindDescription,
  NeighbourSpread,
  PoolDescription,
} from './personas/describe/pool-description.ts';
export type { PersonaPoolGrowOptions } from './personas/grow-options.ts';
export type { UnusableReason } from './personas/parsing/parse-personas.ts';
export {
  numberStatements,
  type Persona,
  type Personality,
  type Profile,
  pairPersona,
  type Statement,
} from './personas/persona.ts';
export { type PairingOptions, PersonaPool } from './personas/persona-pool.ts';
export type {
  DiscardedEntry,
  EntryOrigin,
  FlawedEntry,
  GrowthOutcome,
  HigherThreshold,
  PersonaPoolData,
  PoolGrowth,
  PoolKind,
  Quotas,
  StopReason,
  UnusablePart,
} from './personas/pool-data.ts';
export type { PersonaPoolEvent } from './personas/pool-events.ts';
export type { EntryFlaw, FoundFlaw } from './personas/quality/entry-flaw.ts';
export { seedPersonalities } from './personas/seed-personalities.ts';
export { seedProfiles } from './personas/seed-profiles.ts';
export type { TextRule } from './personas/statements.ts';
export type { CardOptions } from './preferences/card-options.ts';
export type { Columns, ValueType } from './preferences/columns.ts';
export type { ContentDrop, DropReason } from './preferences/drop-reasons.ts';
export type { PreferenceExporterEvent, PreferenceExporterOptions } from './preferences/exporter-options.ts';
export type { TextFault } from './preferences/faults/text-check.ts';
export { axolotl } from './preferences/formats/axolotl.ts';
export type { EngineOptions } from './preferences/formats/engine-options.ts';
export { type LlamaFactoryOptions, llamaFactory } from './preferences/formats/llama-factory.ts';
export { openaiPreference } from './preferences/formats/openai-preference.ts';
export { openaiSft } from './preferences/formats/openai-sft.ts';
export { parquet } from './preferences/formats/parquet.ts';
export type { FormatOptions, TrlOptions } from './preferences/formats/prompt-messages.ts';
export type { SftData, SftOptions } from './preferences/formats/sft-options.ts';
export { trlDpo } from './preferences/formats/trl-dpo.ts';
export { trlKto } from './preferences/formats/trl-kto.ts';
export { type TrlSftOptions, trlSft } from './preferences/formats/trl-sft.ts';
export type { MixOptions, MixSummary } from './preferences/general-chat.ts';
export type { LengthBias } from './preferences/length-bias.ts';
export type { Distribution, LengthStatistics } from './preferences/length-statistics.ts';
export type { FormatSummary, PreferenceManifest, SplitSummary } from './preferences/manifest.ts';
export type { CompanionSummary } from './preferences/outputs.ts';
export { PreferenceExporter } from './preferences/preference-exporter.ts';
export { type ExportedRecord, readPreferenceRecords } from './preferences/preference-file.ts';
export type {
  Demonstration,
  DemonstrationFormat,
  EngineConfig,
  FileType,
  FormatDescription,
  FormatFiles,
  GeneralChatUse,
  LoadLine,
  PairFormat,
  PreferenceFormat,
} from './preferences/preference-format.ts';
export type { PreferenceRecord } from './preferences/preference-record.ts';
export {
  type DataQuality,
  describeQuality,
  type KindQuality,
  type ReasonCount,
} from './preferences/quality.ts';
export {
  type DroppedRecords,
  type ReadDroppedOptions,
  readDroppedRecords,
} from './preferences/read-dropped.ts';
export { type PreferenceRecordsOptions, preferenceRecords } from './preferences/records.ts';
export type { FileSummary } from './preferences/row-file.ts';
export type { Split } from './preferences/split.ts';
export type { SignCounts, StyleGap } from './preferences/style-gap.ts';
export type { TeacherShare, TeacherShares } from './preferences/teacher-tally.ts';
export { describeProgress } from './progress/describe-progress.ts';
export type { OthersProgress } from './progress/others.ts';
export {
  type Progress,
  type ProgressEvent,
  type ProgressOptions,
  trackProgress,
} from './progress/progress.ts';
export type { RateLimit, RateLimitWindow } from './rate-limit.ts';
export type { AnsweredElsewhere, ReadOnlyReason, RunEvent, RunStats } from './runs/events.ts';
export type { JournalRecovery } from './runs/journal/journal.ts';
export {
  type MemoryRunOptions,
  type ModelLimits,
  memoryRun,
  openRun,
  type Run,
  type RunOptions,
  type RunWork,
  type SharedRun,
  type WorkLabel,
  type WorkList,
} from './runs/run.ts';
export type { ServedCount } from './runs/served/tally-served.ts';
export type { Budget, BudgetChanges, Spending } from './runs/spending/ledger.ts';
export type { Price, Prices } from './runs/spending/prices.ts';
export type {
  LimitChanges,
  ModelTraffic,
  Retuning,
  RunSettings,
  Steering,
} from './runs/steering/steering.ts';
export type { TemplateMessage, Tokenizer } from './tokenizers/tokenizer.ts';
export { describeVerification } from './verification/describe-verification.ts';
export { summarizeVerdicts } from './verification/summarize-verdicts.ts';
export type { VerdictShare, VerificationSummary } from './verification/verdict-tally.ts';
export type { VerificationEvent, VerifyPairsOptions } from './verification/verify-options.ts';
export { verifyPairs } from './verification/verify-pairs.ts';
export { whereJudgeIsUnsure } from './verification/where-judge-is-unsure.ts';

export { type AdaptedResponseVariables, adaptedResponsePrompt } from './adaptive/adapted-response.ts';
export { type AdaptiveEvent, type AdaptiveOptions, adaptive } from './adaptive/adaptive.ts';
export {
  type PreferenceInferenceVariables,
  preferenceInferencePrompt,
} from './adaptive/preference-inference.ts';
export {
  type AgreementOptions,
  type AgreementResult,
  agreement,
} from './agreement/agreement.ts';
export { describeAgreement, paperKappa } from './agreement/agreement-table.ts';
export type { KappaEstimate, PairAgreement } from './agreement/pair-agreement.ts';
export { type RatingGuide, ratingGuide } from './agreement/rating-guide.ts';
export {
  type RatingKey,
  type RatingKeyItem,
  ratingKeySchema,
  readRatingKey,
  saveRatingKey,
} from './agreement/rating-key.ts';
export { writeRatingPage } from './agreement/rating-page.ts';
export type { RatingItem, RatingSheet } from './agreement/rating-sheet.ts';
export { type Rating, type Ratings, ratingsSchema, readRatings } from './agreement/ratings.ts';
export { type CsvDelimiter, ratingSheetCsv, readRatingsCsv } from './agreement/ratings-csv.ts';
export {
  type RatingSample,
  type SampleForRatingOptions,
  type Stratum,
  sampleForRating,
} from './agreement/sample-for-rating.ts';
export { type AloeCasesOptions, type AloeCaseTags, aloeCases, aloeCaseTags } from './benchmark/aloe-cases.ts';
export { type BenchmarkCase, type PersonaDrift, personaAt } from './benchmark/benchmark-case.ts';
export { type DriftCasesOptions, driftCases } from './benchmark/drift-cases.ts';
export {
  type ReleasedCaseFiles,
  type ReleasedCasesOptions,
  readReleasedCases,
} from './benchmark/released-cases.ts';
export { ruleCases } from './benchmark/rule-cases.ts';
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
  conversationTreeSchema,
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
export { type ContradictionVariables, contradictionPrompt } from './conversations/prompts/contradiction.ts';
export { type InductionVariables, inductionPrompt } from './conversations/prompts/induction.ts';
export { type ResponderVariables, responderPrompt } from './conversations/prompts/responder.ts';
export { type RolePlayerVariables, rolePlayerPrompt } from './conversations/prompts/role-player.ts';
export { readReleasedConversations } from './conversations/released-conversations.ts';
export type { MessageChecks, UserProblem } from './conversations/user-checks/user-check.ts';
export type { UserCheckOptions } from './conversations/user-checks/user-check-options.ts';
export {
  sumUserChecks,
  type UserCheckRates,
  type UserProblemRate,
} from './conversations/user-checks/user-check-rates.ts';
export type { Embedder } from './embeddings/embedder.ts';
export {
  AloeError,
  type AloeErrorCode,
  BudgetExceededError,
  ContentFilterError,
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
export {
  type EstimatedAmount,
  type EstimatedRange,
  type EstimateOptions,
  estimateRun,
  type RunEstimate,
} from './estimate/estimate-run.ts';
export type { PlannedConversations } from './estimate/play-conversations.ts';
export type { PlannedEvaluation } from './estimate/play-evaluation.ts';
export type { ReplyLengths } from './estimate/scenario.ts';
export { AloeEvaluator, type EvaluateOptions } from './evaluation/aloe-evaluator.ts';
export type { BaselineOptions } from './evaluation/baselines/baseline-options.ts';
export { type ChainOfThoughtOptions, chainOfThought } from './evaluation/baselines/chain-of-thought.ts';
export { type OracleOptions, oracle } from './evaluation/baselines/oracle.ts';
export { type ReminderOptions, reminder } from './evaluation/baselines/reminder.ts';
export { type SelfCriticOptions, selfCritic } from './evaluation/baselines/self-critic.ts';
export { type WrongPersonaOptions, wrongPersona } from './evaluation/baselines/wrong-persona.ts';
export type { Candidate, CandidateTurn } from './evaluation/candidate.ts';
export {
  compareEvaluations,
  type EvaluationComparison,
  type TurnDifference,
} from './evaluation/compare-evaluations.ts';
export { describeEvaluation } from './evaluation/describe-evaluation.ts';
export type { EvaluatedCase, EvaluatedTurn } from './evaluation/evaluated-case.ts';
export type { EvaluationEvent } from './evaluation/evaluation-events.ts';
export { readEvaluation, saveEvaluation } from './evaluation/evaluation-file.ts';
export type { EvaluationLock, LockedJudge, LockedSampling } from './evaluation/evaluation-lock.ts';
export {
  type DriftRecovery,
  type EvaluationRecord,
  type EvaluationResult,
  type EvaluationSummary,
  evaluationSchema,
  type TurnLevel,
  type TurnRevelation,
} from './evaluation/evaluation-result.ts';
export type { EvaluationStatistics } from './evaluation/evaluation-statistics.ts';
export type { AloeEvaluatorOptions } from './evaluation/evaluator-options.ts';
export {
  type CheckedItem,
  type Judge,
  type JudgeCallOptions as JudgeOptions,
  type JudgeInput,
  type Judgement,
  type JudgementStatus,
  judgementSchema,
  type Vote,
} from './evaluation/judge.ts';
export { type ChecklistJudgeOptions, checklistJudge } from './evaluation/judges/checklist-judge.ts';
export { type HolisticJudgeOptions, holisticJudge } from './evaluation/judges/holistic-judge.ts';
export type { JudgeModelOptions } from './evaluation/judges/judge-model.ts';
export { panelJudge as panel } from './evaluation/judges/panel.ts';
export { ruleJudge } from './evaluation/judges/rule-judge.ts';
export { type ChainOfThoughtVariables, chainOfThoughtPrompt } from './evaluation/prompts/chain-of-thought.ts';
export { type JudgePromptVariables, judgePrompt } from './evaluation/prompts/judge.ts';
export { type JudgeChecklistVariables, judgeChecklistPrompt } from './evaluation/prompts/judge-checklist.ts';
export { type JudgeItemsVariables, judgeItemsPrompt } from './evaluation/prompts/judge-items.ts';
export type { JudgedMaterial } from './evaluation/prompts/judged-material.ts';
export { oraclePrompt } from './evaluation/prompts/oracle.ts';
export { reminderPrompt } from './evaluation/prompts/reminder.ts';
export { type SelfCriticVariables, selfCriticPrompt } from './evaluation/prompts/self-critic.ts';
export { type RejudgeOptions, rejudge } from './evaluation/rejudge.ts';
export { type ResultsTableOptions, resultsTable } from './evaluation/results-table.ts';
export type { JsonValue } from './json-value.ts';
export type { Message, MessageRole } from './messages.ts';
export {
  alignmentLevels,
  averageLevel,
  type BootstrapOptions,
  type BootstrapStatisticOptions,
  bootstrapIntervals,
  bootstrapStatistic,
  casesNeeded,
  cohensKappa,
  comparePaired,
  detectableDifference,
  type Extrema,
  type ImprovementFit,
  type Interval,
  improvementRate,
  type KappaOptions,
  type KappaWeights,
  type LevelIntervals,
  type NormalizationOptions,
  type NullBand,
  normalizedImprovementRate,
  normalizeLevels,
  nullBand,
  type PairedComparison,
  type PairedEstimate,
  type PowerOptions,
  type RecoveryOptions,
  type ResamplingOptions,
  turnsToRecover,
} from './metrics/index.ts';
export type {
  CallOptions,
  ChatModel,
  ChatRequest,
  ChatResponse,
  FinishReason,
  JsonSchema,
  Usage,
} from './models/chat-model.ts';
export { type LockedPrompt, lockPrompt } from './models/locked-prompt.ts';
export { paced } from './models/pacing/paced.ts';
export { createPacer, type Pacer, type PacerOptions } from './models/pacing/pacer.ts';
export { type CallPlace, formatPlace } from './models/place.ts';
export { type Prompt, promptName } from './models/prompt.ts';
export { type RetryOptions, retry } from './models/retry.ts';
export {
  generateStructured,
  type ParsedReply,
  parseStructured,
  type StructuredOptions,
} from './models/structured.ts';
export type { PersonaPoolGrowOptions } from './personas/grow-options.ts';
export {
  type AcceptOptions,
  type FilterCandidate,
  type FilterVerdict,
  type NearDuplicateFilter,
  type NearDuplicateFilterOptions,
  nearDuplicateFilter,
} from './personas/near-duplicate-filter.ts';
export {
  type DroppedEntry,
  type ParsedPersonas,
  type ParsePersonasOptions,
  parsePersonas,
} from './personas/parsing/parse-personas.ts';
export {
  numberStatements,
  type Persona,
  type Personality,
  type Profile,
  pairPersona,
  personalitySchema,
  personaSchema,
  profileSchema,
  type Statement as Trait,
} from './personas/persona.ts';
export {
  type PersonaGenerationVariables,
  personalityGenerationPrompt,
  profileGenerationPrompt,
} from './personas/persona-generation.ts';
export { type PairingOptions, PersonaPool } from './personas/persona-pool.ts';
export {
  type DiscardedEntry,
  type EntryOrigin,
  type GrowthOutcome,
  type PersonaPoolData,
  type PoolGrowth,
  type PoolKind,
  personaPoolSchema,
  type StopReason,
  type UnusablePart,
} from './personas/pool-data.ts';
export type { PersonaPoolEvent } from './personas/pool-events.ts';
export {
  type FileWarning,
  type ReleasedEntry,
  type ReleasedFile,
  readReleasedFile,
} from './personas/released-files.ts';
export { followsRule } from './personas/rules/follows-rule.ts';
export {
  type PersonaRule,
  personaRuleSchema,
  type Rule,
} from './personas/rules/persona-rule.ts';
export {
  type RuleOptions,
  withRules,
} from './personas/rules/with-rules.ts';
export { seedPersonalities } from './personas/seed-personalities.ts';
export { seedProfiles } from './personas/seed-profiles.ts';
export type { CardOptions } from './preferences/card-options.ts';
export type { Columns, ValueType } from './preferences/columns.ts';
export type { DropReason } from './preferences/drops.ts';
export type { PreferenceExporterEvent, PreferenceExporterOptions } from './preferences/exporter-options.ts';
export { axolotl } from './preferences/formats/axolotl.ts';
export type { EngineOptions } from './preferences/formats/engine-options.ts';
export { type LlamaFactoryOptions, llamaFactory } from './preferences/formats/llama-factory.ts';
export { openaiPreference } from './preferences/formats/openai-preference.ts';
export { openaiSft } from './preferences/formats/openai-sft.ts';
export { parquet } from './preferences/formats/parquet.ts';
export type { FormatOptions } from './preferences/formats/prompt-messages.ts';
export { trlDpo } from './preferences/formats/trl-dpo.ts';
export { trlKto } from './preferences/formats/trl-kto.ts';
export { trlSft } from './preferences/formats/trl-sft.ts';
export type { MixOptions, MixSummary } from './preferences/general-chat.ts';
export type { LengthBias } from './preferences/length-bias.ts';
export type { Distribution, LengthStatistics } from './preferences/length-statistics.ts';
export {
  type FormatSummary,
  type PreferenceManifest,
  preferenceManifestSchema,
  type SplitSummary,
} from './preferences/manifest.ts';
export type { CompanionSummary } from './preferences/outputs.ts';
export { PreferenceExporter } from './preferences/preference-exporter.ts';
export {
  type ExportedRecord,
  exportedRecordSchema,
  readPreferenceRecords,
} from './preferences/preference-file.ts';
export type {
  Demonstration,
  DemonstrationFormat,
  EngineConfig,
  FormatFiles,
  LoadLine,
  PairFormat,
  PreferenceFormat,
} from './preferences/preference-format.ts';
export { type PreferenceRecord, preferenceRecordSchema } from './preferences/preference-record.ts';
export { preferenceRecords } from './preferences/records.ts';
export type { FileSummary } from './preferences/row-file.ts';
export type { Split } from './preferences/split.ts';
export { describeProgress } from './progress/describe-progress.ts';
export {
  type Progress,
  type ProgressEvent,
  type ProgressOptions,
  trackProgress,
} from './progress/progress.ts';
export type { RateLimit, RateLimitWindow } from './rate-limit.ts';
export type { RunEvent, RunStats } from './runs/events.ts';
export type { JournalRecovery } from './runs/journal.ts';
export type { Budget, Spending } from './runs/ledger.ts';
export type { Price, Prices } from './runs/prices.ts';
export { type ModelLimits, memoryRun, openRun, type Run, type RunOptions } from './runs/run.ts';
export type { TemplateMessage, Tokenizer } from './tokenizers/tokenizer.ts';
export { trainingHandleSchema } from './training/training-handle.ts';
export type { TokenStatistics } from './validation/check-lengths.ts';
export { DATASET_FORMATS, type DatasetFormat } from './validation/dataset-formats.ts';
export { type DatasetReport, describeDataset } from './validation/dataset-report.ts';
export type { FindingKind } from './validation/finding-kinds.ts';
export type { DatasetFinding } from './validation/findings.ts';
export {
  type ValidateDatasetOptions,
  validateDataset,
} from './validation/validate-dataset.ts';
export { locateWeights, type PullWeightsOptions, pullWeights } from './weights/pull-weights.ts';
export type { WeightSetName } from './weights/sources.ts';
export type { WeightsEvent } from './weights/weights-event.ts';

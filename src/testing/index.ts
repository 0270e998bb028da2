export { chatModelConformance } from './chat-model-conformance.ts';
export type { ConformanceCheck } from './conformance.ts';
export { embedderConformance } from './embedder-conformance.ts';
export { type FakeEmbedder, fakeEmbedder } from './fake-embedder.ts';
export { writeFakeTrainer } from './fake-trainer.ts';
export { judgeConformance } from './judge-conformance.ts';
export { preferenceFormatConformance } from './preference-format-conformance.ts';
export {
  type RecordedCall,
  type RecordingModel,
  readRecording,
  recordModel,
  replayModel,
  saveRecording,
} from './recording.ts';
export { type Script, type ScriptedModel, type ScriptedReply, scriptedModel } from './scripted-model.ts';
export { tokenizerConformance } from './tokenizer-conformance.ts';
export { type TrainingBackendTrial, trainingBackendConformance } from './training-backend-conformance.ts';

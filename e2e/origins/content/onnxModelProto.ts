import protobuf from 'protobufjs';

/**
 * The few ONNX messages that a chain of matrix products needs. Names and numbers are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
const SCHEMA = `
  syntax = "proto3";

  message ModelProto {
    int64 ir_version = 1;
    string producer_name = 2;
    string producer_version = 3;
    GraphProto graph = 7;
    repeated OperatorSetIdProto opset_import = 8;
  }
  message OperatorSetIdProto {
    string domain = 1;
    int64 version = 2;
  }
  message GraphProto {
    repeated NodeProto node = 1;
    string name = 2;
    repeated TensorProto initializer = 5;
    repeated ValueInfoProto input = 11;
    repeated ValueInfoProto output = 12;
  }
  message NodeProto {
    repeated string input = 1;
    repeated string output = 2;
    string op_type = 4;
  }
  message TensorProto {
    repeated int64 dims = 1;
    int32 data_type = 2;
    string name = 8;
    bytes raw_data = 9;
  }
  message ValueInfoProto {
    string name = 1;
    TypeProto type = 2;
  }
  message TypeProto {
    message Tensor {
      int32 elem_type = 1;
      TensorShapeProto shape = 2;
    }
    Tensor tensor_type = 1;
  }
  message TensorShapeProto {
    message Dimension {
      int64 dim_value = 1;
    }
    repeated Dimension dim = 1;
  }
`;

export const onnxModelProto = protobuf.parse(SCHEMA, {keepCase: true}).root.lookupType('ModelProto');

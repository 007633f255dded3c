//! The picture as a binary glTF 2.0 file, which other programs of three dimensions open.
//!
//! Source: Khronos Group, *glTF 2.0 Specification* (ISO/IEC 12113:2022): sections 4.4 (container), 5 (JSON). Every box is
//! a node of its own that scales one cube; boxes of one colour share a material. Metres, y upwards.

use crate::picture::{Surface, Thing};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MAGIC: u32 = 0x4654_6c67;
const JSON: u32 = 0x4e4f_534a;
const BINARY: u32 = 0x004e_4942;
const FLOAT: u32 = 5126;
const UNSIGNED_SHORT: u32 = 5123;

/// A box with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// `hall[3]`, `cdu`, or how it looks.
    pub name: String,
    /// The box.
    pub thing: Thing,
}

/// The file's bytes; the title is kept in it.
#[must_use]
pub fn binary(title: &str, boxes: &[Named]) -> Vec<u8> {
    let (cube, count) = cube();
    let mut colours: BTreeMap<([u8; 3], bool), usize> = BTreeMap::new();
    for Named { thing, .. } in boxes {
        let next = colours.len();
        colours.entry((thing.colour, thing.surface == Surface::Tint)).or_insert(next);
    }
    let mut by_number: Vec<(&([u8; 3], bool), &usize)> = colours.iter().collect();
    by_number.sort_by_key(|(_, number)| **number);
    let materials: Vec<Value> = by_number.iter().map(|((colour, _), _)| material(*colour)).collect();
    let mesh = |material: usize| json!({ "primitives": [{ "attributes": { "POSITION": 0, "NORMAL": 1 }, "indices": 2, "material": material }] });
    let meshes: Vec<Value> = (0..materials.len()).map(mesh).collect();
    let node = |Named { name, thing }: &Named| {
        let number = colours.get(&(thing.colour, thing.surface == Surface::Tint)).copied().unwrap_or(0);
        json!({ "name": name, "mesh": number, "translation": thing.place.centre(), "scale": thing.place.size })
    };
    let nodes: Vec<Value> = boxes.iter().map(node).collect();
    let vectors = 24 * 3 * 4;
    let document = json!({
        "asset": { "version": "2.0", "generator": "isotherm", "extras": { "title": title } },
        "scene": 0,
        "scenes": [{ "nodes": (0..nodes.len()).collect::<Vec<_>>() }],
        "nodes": nodes,
        "meshes": meshes,
        "materials": materials,
        "accessors": [
            { "bufferView": 0, "componentType": FLOAT, "count": 24, "type": "VEC3",
              "min": [-0.5, -0.5, -0.5], "max": [0.5, 0.5, 0.5] },
            { "bufferView": 1, "componentType": FLOAT, "count": 24, "type": "VEC3" },
            { "bufferView": 2, "componentType": UNSIGNED_SHORT, "count": count, "type": "SCALAR" },
        ],
        "bufferViews": [
            { "buffer": 0, "byteOffset": 0, "byteLength": vectors },
            { "buffer": 0, "byteOffset": vectors, "byteLength": vectors },
            { "buffer": 0, "byteOffset": 2 * vectors, "byteLength": 2 * count },
        ],
        "buffers": [{ "byteLength": cube.len() }],
    });
    // Chunks are padded to whole words: text with blanks, binary with zeros.
    let mut text = document.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    let mut cube = cube;
    cube.resize(cube.len().next_multiple_of(4), 0);
    let mut file = Vec::with_capacity(28 + text.len() + cube.len());
    for word in [MAGIC, 2, (28 + text.len() + cube.len()) as u32, text.len() as u32, JSON] {
        file.extend(word.to_le_bytes());
    }
    file.extend(text);
    for word in [cube.len() as u32, BINARY] {
        file.extend(word.to_le_bytes());
    }
    file.extend(cube);
    file
}

fn material(colour: [u8; 3]) -> Value {
    // Factors are linear (sRGB, IEC 61966-2-1).
    let linear = colour.map(|byte| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    json!({
        "pbrMetallicRoughness": {
            "baseColorFactor": [linear[0], linear[1], linear[2], 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.8
        }
    })
}

/// A cube of one metre around the origin: positions, normals, indices; and how many indices.
fn cube() -> (Vec<u8>, usize) {
    let (mut positions, mut normals, mut indices) = (Vec::new(), Vec::new(), Vec::<u16>::new());
    for axis in 0..3 {
        for sign in [-1.0_f32, 1.0] {
            let first = (positions.len() / 3) as u16;
            // Corners of a face, counterclockwise from outside.
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
            for (a, b) in [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)] {
                let mut corner = [0.0_f32; 3];
                (corner[axis], corner[u], corner[v]) = (0.5 * sign, a * sign, b);
                let mut normal = [0.0_f32; 3];
                normal[axis] = sign;
                positions.extend(corner);
                normals.extend(normal);
            }
            indices.extend([0, 1, 2, 0, 2, 3].map(|k| first + k));
        }
    }
    let mut bytes: Vec<u8> = positions.iter().chain(&normals).flat_map(|value| value.to_le_bytes()).collect();
    bytes.extend(indices.iter().flat_map(|index| index.to_le_bytes()));
    (bytes, indices.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    fn word(file: &[u8], at: usize) -> usize {
        u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize
    }

    #[test]
    fn the_file_has_its_parts_where_it_says_and_a_node_for_each_box() {
        let place = Place { at: [1.0, 0.0, 2.0], size: [0.6, 2.3, 1.2], facing: 1.0 };
        let thing = |colour| Thing {
            place,
            surface: Surface::Rack,
            colour,
            selected: false,
            alarm: false,
            pick: None,
        };
        let named = |name: &str, colour| Named { name: name.to_owned(), thing: thing(colour) };
        let boxes = [named("a", [255, 0, 0]), named("b", [0, 0, 0]), named("c", [255, 0, 0])];
        let file = binary("a hall", &boxes);
        assert_eq!((word(&file, 0), word(&file, 4), word(&file, 8)), (MAGIC as usize, 2, file.len()));
        let text = &file[20..20 + word(&file, 12)];
        let document: Value = serde_json::from_slice(text).expect("JSON");
        assert_eq!(
            (document["nodes"].as_array().map(Vec::len), document["materials"].as_array().map(Vec::len)),
            (Some(3), Some(2))
        );
        // The centre of the box: half of its height above the floor.
        assert!((document["nodes"][0]["translation"][1].as_f64().expect("a number") - 1.15).abs() < 1e-6);
        assert_eq!(document["materials"][0]["pbrMetallicRoughness"]["baseColorFactor"][0], 1.0);
        let binary = 20 + text.len();
        assert_eq!(word(&file, binary) + binary + 8, file.len());
        assert_eq!(document["buffers"][0]["byteLength"], 2 * 24 * 12 + 36 * 2);
    }

    #[test]
    fn every_face_of_the_cube_looks_outwards() {
        let (bytes, count) = cube();
        let number = |k: usize| f32::from_le_bytes([bytes[k], bytes[k + 1], bytes[k + 2], bytes[k + 3]]);
        let vector = |k: usize| [0, 1, 2].map(|axis| number(12 * k + 4 * axis));
        for triangle in 0..count / 3 {
            let corner = |k: usize| {
                let at = 2 * 24 * 12 + 2 * (3 * triangle + k);
                vector(u16::from_le_bytes([bytes[at], bytes[at + 1]]) as usize)
            };
            let [a, b, c] = [0, 1, 2].map(corner);
            let (p, q) = ([0, 1, 2].map(|k| b[k] - a[k]), [0, 1, 2].map(|k| c[k] - a[k]));
            let normal = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
            let outwards: f32 = (0..3).map(|k| normal[k] * a[k]).sum();
            assert!(outwards > 0.0, "triangle {triangle}");
        }
    }
}

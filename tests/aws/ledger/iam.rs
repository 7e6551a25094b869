use aws_sdk_iam::operation::attach_role_policy::{AttachRolePolicyInput, AttachRolePolicyOutput};
use aws_sdk_iam::operation::create_role::{CreateRoleInput, CreateRoleOutput};
use aws_sdk_iam::operation::get_role::{GetRoleInput, GetRoleOutput};
use aws_sdk_iam::operation::get_role_policy::{GetRolePolicyInput, GetRolePolicyOutput};
use aws_sdk_iam::operation::list_attached_role_policies::{
    ListAttachedRolePoliciesInput, ListAttachedRolePoliciesOutput,
};
use aws_sdk_iam::operation::list_role_policies::{ListRolePoliciesInput, ListRolePoliciesOutput};
use aws_sdk_iam::operation::simulate_principal_policy::{
    SimulatePrincipalPolicyInput, SimulatePrincipalPolicyOutput,
};
use aws_sdk_iam::operation::tag_role::{TagRoleInput, TagRoleOutput};
use aws_sdk_iam::operation::update_assume_role_policy::{
    UpdateAssumeRolePolicyInput, UpdateAssumeRolePolicyOutput,
};
use aws_sdk_iam::types::{
    AttachedPermissionsBoundary, AttachedPolicy, EvaluationResult, OrganizationsDecisionDetail,
    PermissionsBoundaryDecisionDetail, PolicyEvaluationDecisionType, Role, RoleLastUsed, Tag,
};

use super::Fate::{Compared, LeftOut, Sent, Used, Within};

const ASKED_BY: &str = "the question named it";
const PAGE_SIZE: &str = "the default page is as good as another";
const READ_AGAIN: &str = "the next look reads what came of it";
const REAL: &str = "the question is about the role as it is";

super::ledger! {
    values(PolicyEvaluationDecisionType);

    GetRoleInput { Sent => role_name; }
    GetRoleOutput { Within => role; }
    Role {
        Compared => arn, assume_role_policy_document;
        Within => tags, permissions_boundary, role_last_used;
        Used => create_date;
        LeftOut("they are in the ARN") => path, role_name;
        LeftOut("AWS Backup names roles by their ARN") => role_id;
        LeftOut("it says nothing to AWS") => description;
        LeftOut("a service asks for the session, and the trust says which") => max_session_duration;
        LeftOut("it says where the role came from, and not what it may do") => source_role_template;
    }
    AttachedPermissionsBoundary {
        Compared => permissions_boundary_arn;
        LeftOut("there is only one type") => permissions_boundary_type;
    }
    RoleLastUsed {
        Used => last_used_date;
        LeftOut("any region is a use") => region;
    }
    Tag { Compared => key, value; }

    GetRolePolicyInput { Sent => role_name, policy_name; }
    GetRolePolicyOutput {
        Compared => policy_document;
        LeftOut(ASKED_BY) => role_name, policy_name;
    }

    ListAttachedRolePoliciesInput {
        Sent => role_name, marker;
        LeftOut("policies of every path count") => path_prefix;
        LeftOut(PAGE_SIZE) => max_items;
    }
    ListAttachedRolePoliciesOutput {
        Within => attached_policies;
        Used => marker;
        LeftOut("the marker says it") => is_truncated;
    }
    AttachedPolicy {
        Compared => policy_arn;
        LeftOut("it is in the ARN") => policy_name;
    }

    ListRolePoliciesInput {
        Sent => role_name, marker;
        LeftOut(PAGE_SIZE) => max_items;
    }
    ListRolePoliciesOutput {
        Compared => policy_names;
        Used => marker;
        LeftOut("the marker says it") => is_truncated;
    }

    SimulatePrincipalPolicyInput {
        Sent => policy_source_arn, action_names;
        LeftOut(REAL) => policy_input_list, permissions_boundary_policy_input_list, policy_exclusion_list;
        LeftOut("the question is about every resource, which is the default") => resource_arns;
        LeftOut("IAM takes no policies of resources for a role") =>
            resource_policy, resource_owner, caller_arn, resource_handling_option;
        LeftOut("the answer says which values it lacks, and is not believed then") => context_entries;
        LeftOut("eight actions are one page") => max_items, marker;
    }
    SimulatePrincipalPolicyOutput {
        Within => evaluation_results;
        LeftOut("eight actions are one page") => is_truncated, marker;
    }
    EvaluationResult {
        Used => eval_action_name, eval_decision, missing_context_values;
        Within => organizations_decision_detail, permissions_boundary_decision_detail;
        LeftOut("it is every resource") => eval_resource_name;
        LeftOut("a person finds them in the console") => matched_statements;
        LeftOut("it is about roles of another account") => eval_decision_details;
        LeftOut("no resource was asked about") => resource_specific_results;
    }
    OrganizationsDecisionDetail { Used => allowed_by_organizations; }
    PermissionsBoundaryDecisionDetail { Used => allowed_by_permissions_boundary; }

    CreateRoleInput {
        Sent => role_name, path, assume_role_policy_document, permissions_boundary;
        Within => tags;
        LeftOut("the spec says none") => description;
        LeftOut("the default hour is enough for a service") => max_session_duration;
    }
    CreateRoleOutput { LeftOut(READ_AGAIN) => role; }
    UpdateAssumeRolePolicyInput { Sent => role_name, policy_document; }
    UpdateAssumeRolePolicyOutput {}
    AttachRolePolicyInput { Sent => role_name, policy_arn; }
    AttachRolePolicyOutput {}
    TagRoleInput {
        Sent => role_name;
        Within => tags;
    }
    TagRoleOutput {}
}
